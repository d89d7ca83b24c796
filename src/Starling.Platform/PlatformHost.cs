using System.Net;
using Microsoft.AspNetCore.Diagnostics;
using Starling.Coap;
using Starling.Hosting;
using Starling.Server;
using Starling.Transports;

namespace Starling.Platform;

/// <summary>Puts the program together: the server, the console, the API and the demo devices in one host.</summary>
internal static class PlatformHost
{
    /// <summary>Makes the host; nothing listens before it is started.</summary>
    /// <param name="settings">What it is told.</param>
    /// <param name="database">What it keeps its state in, and leaves open; null keeps it in memory.</param>
    /// <param name="time">The clock; null is the system's.</param>
    /// <param name="key">Under which it keeps secrets, and leaves open; null keeps them in memory.</param>
    public static WebApplication Create(PlatformSettings settings, SqliteDatabase? database = null, TimeProvider? time = null, DataKey? key = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxBody;
            kestrel.Listen(settings.Http);
        });
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true);
        // A host that cannot start throws; the command says it in one line, without the stack. A service that fails later is told with it.
        builder.Logging.AddFilter("Microsoft", LogLevel.Error).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        AddServices(builder.Services, settings, time ?? TimeProvider.System);
        AddStores(builder.Services, settings, database);
        AddSecurity(builder.Services, database, key);
        var app = builder.Build();
        if (database is not null)
        {
            database.Log = new StorageLog(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Starling.Platform.Storage"));
        }
        app.Services.GetRequiredService<ServerService>().HandshakeEnded += app.Services.GetRequiredService<HandshakeLog>().Add;
        Map(app, settings);
        return app;
    }

    private static void AddServices(IServiceCollection services, PlatformSettings settings, TimeProvider time)
    {
        services.AddSingleton(settings);
        services.AddSingleton(time);
        services.AddStarlingServer(host =>
        {
            host.Catalog = settings.Catalog;
            host.Server = host.Server with { Admission = settings.Admission };
            host.Udp = new UdpSettings { Bind = settings.Coap };
            host.Trace = true;
        });
        AddDtls(services, settings);
        AddFiles(services, settings);
        services.AddSingleton<EventLog>();
        services.AddHostedService(s => s.GetRequiredService<EventLog>());
        services.AddSingleton<DemoDevices>();
        services.AddHostedService(s => s.GetRequiredService<DemoDevices>());
        services.AddSingleton<CheckStore>();
        services.AddHostedService(s => s.GetRequiredService<CheckStore>());   // stops before the server and its devices
        services.AddSingleton<DeviceOperations>();
        services.AddSingleton<DevicesApi>();
        services.AddSingleton<AwakeWindowApi>();
        services.AddSingleton<ObjectsApi>();
        services.AddSingleton<ObservationsApi>();
        services.AddSingleton<CompositeApi>();
        services.AddSingleton<OperationsApi>();
        services.AddSingleton<EventsApi>();
        services.AddSingleton<CheckApi>();
        services.AddSingleton<CredentialTrial>();
        services.AddSingleton<HandshakeLog>();
        services.AddSingleton<HandshakesApi>();
        services.AddSingleton<CredentialsApi>();
        services.AddSingleton<OpenApiDocument>();
        AddConsole(services);
    }

    private static void AddFiles(IServiceCollection services, PlatformSettings settings)
    {
        if (settings.FileFolder is { } folder)
        {
            services.AddSingleton(new OfferedFiles(folder));
            services.AddOptions<ServerHostSettings>().Configure(host => host.OtherPaths = s => s.GetRequiredService<OfferedFiles>());
        }
        services.AddSingleton(s => new FilesApi(s.GetRequiredService<ServerService>(), settings, s.GetService<OfferedFiles>()));
    }

    private static void AddDtls(IServiceCollection services, PlatformSettings settings)
    {
        services.AddSingleton(s => new DemoCredentials(s.GetService<DeviceCredentials>()));
        services.AddSingleton<IPeerCredentials>(s => s.GetRequiredService<DemoCredentials>());
        if (settings.KeyLog is { } file)
        {
            services.AddSingleton(_ => KeyLogFile.Open(file));
        }
        if (settings.Coaps is { } address)
        {
            services.AddOptions<ServerHostSettings>().Configure<IServiceProvider>((host, provider) =>
                host.Dtls = Secured(address, settings.CoapsKeys, provider.GetService<KeyLogFile>()));
        }
    }

    private static DtlsHostSettings Secured(IPEndPoint address, ServerKeys? keys, KeyLogFile? log)
    {
        var usual = new DtlsHostSettings { Udp = new UdpSettings { Bind = address } };
        usual = keys is null ? usual : usual with { Keys = keys.Dtls };
        return log is null ? usual : usual with { Channel = usual.Channel with { Dtls = usual.Channel.Dtls with { KeyLog = log.Write } } };
    }

    private static void AddStores(IServiceCollection services, PlatformSettings settings, SqliteDatabase? database)
    {
        if (database is not null)
        {
            services.AddSingleton<IDeviceStore>(new SqliteDeviceStore(database, settings.Storage.AnswerBeforeCommit));
            services.AddSingleton<IOperationStore>(new SqliteOperationStore(database));
            services.AddSingleton<IProfileStore>(new SqliteProfileStore(database));
            services.AddSingleton(new SqliteValueStore(database));
        }
    }

    private static void AddSecurity(IServiceCollection services, SqliteDatabase? database, DataKey? key)
    {
        if (database is not null && key is not null)
        {
            services.AddSingleton<ICredentialStore>(new SqliteCredentialStore(database, key));
            services.AddSingleton<ISessionStore>(new SqliteSessionStore(database, key));
        }
        services.AddSingleton(s => new DeviceCredentials(null, s.GetService<ICredentialStore>(), s.GetRequiredService<TimeProvider>()));
    }

    private static void AddConsole(IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddSingleton<ConsoleFacts>();
        services.AddSingleton<LastValues>();
        services.AddHostedService(s => s.GetRequiredService<LastValues>());
        services.AddSingleton<AttachedConditions>();
        services.AddSingleton<UnmappedReports>();
        services.AddHostedService(s => s.GetRequiredService<UnmappedReports>());
        services.AddSingleton<ActionSender>();
        services.AddSingleton<CompositeActions>();
        services.AddSingleton<DeviceActions>();
        services.AddSingleton<ModelStore>();
        services.AddSingleton<ModelPages>();
        services.AddSingleton<CheckPages>();
        services.AddSingleton<CredentialActions>();
        services.AddSingleton<CredentialPages>();
        services.AddSingleton<ConsolePages>();
    }

    private static void Map(WebApplication app, PlatformSettings settings)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = OnFailure });
        app.UseStatusCodePages(context => Explain(context.HttpContext));
        app.Use((context, next) => Guard(context, next, new HostGuard(settings.Http.Address)));
        var services = app.Services;
        services.GetRequiredService<ConsolePages>().Map(app);
        services.GetRequiredService<OpenApiDocument>().Map(app);
        var api = app.MapGroup("/api/v1");
        services.GetRequiredService<EventsApi>().Map(api);
        services.GetRequiredService<DevicesApi>().Map(api);
        services.GetRequiredService<ObservationsApi>().Map(api);
        services.GetRequiredService<CompositeApi>().Map(api);
        services.GetRequiredService<OperationsApi>().Map(api);
        services.GetRequiredService<AwakeWindowApi>().Map(api);
        services.GetRequiredService<CheckApi>().Map(api);
        services.GetRequiredService<CredentialsApi>().Map(api);
        services.GetRequiredService<HandshakesApi>().Map(api);
        services.GetRequiredService<FilesApi>().Map(api);
        services.GetRequiredService<ObjectsApi>().Map(api);
    }

    private static Task Guard(HttpContext context, RequestDelegate next, HostGuard guard)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return guard.Check(context.Request) is { } problem ? problem.ToResult().ExecuteAsync(context) : next(context);
    }

    // What the framework refuses by itself has no body yet: no such route, no such method.
    private static Task Explain(HttpContext context)
    {
        var allow = context.Response.Headers.Allow.ToString();
        var problem = context.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
            ? ApiProblem.NoSuchMethod($"{context.Request.Path} knows {allow}.", allow)
            : new ApiProblem(context.Response.StatusCode, ProblemSide.Request, "There is nothing here.", $"{context.Request.Path} is no part of the API; see /openapi.");
        return problem.ToResult().ExecuteAsync(context);
    }

    private static Task OnFailure(HttpContext context) => (context.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        StorageException broken => ApiProblem.NotKept(broken.Message),
        CoapBusyException busy => ApiProblem.NotKept(busy.Message),
        _ => new ApiProblem(StatusCodes.Status500InternalServerError, ProblemSide.Server, "The server failed.", "What failed is in its log."),
    }).ToResult().ExecuteAsync(context);
}
