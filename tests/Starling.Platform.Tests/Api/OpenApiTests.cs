using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Starling.Lwm2m;
using Starling.Server;

namespace Starling.Platform.Tests;

/// <summary>The OpenAPI document against the program that serves it; a program of its own, for the examples change things.</summary>
public sealed class OpenApiTests(RunningPlatform platform) : IClassFixture<RunningPlatform>
{
    private static readonly string[] _methods = ["GET", "PUT", "PATCH", "POST", "DELETE"];

    private int _next;

    [Fact]
    public async Task Every_route_is_described_and_every_described_one_exists()
    {
        var described = DescribedOperation.All(await DocumentAsync()).Select(o => (o.Path, o.Method)).ToArray();
        var routes = platform.Routes.Where(r => r.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .SelectMany(r => r.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => (Pattern: r.RoutePattern.RawText!, Method: m))).ToArray();
        Assert.NotEmpty(routes);
        Assert.DoesNotContain(routes, r => !described.Any(d => d.Method == r.Method && Covers(r.Pattern, d.Path)));
        Assert.DoesNotContain(described, d => !routes.Any(r => r.Method == d.Method && Covers(r.Pattern, d.Path)));
    }

    [Fact]
    public async Task Path_has_the_methods_that_are_described_and_no_others()
    {
        foreach (var path in DescribedOperation.All(await DocumentAsync()).GroupBy(o => o.Path))
        {
            foreach (var method in _methods.Except(path.Select(o => o.Method)))
            {
                var address = path.First().Address(("endpoint", "demo-2"));
                var (status, problem, response) = await platform.SendAsync(method, address, method is "GET" or "DELETE" ? null : "{}");
                Assert.True(status == HttpStatusCode.MethodNotAllowed, $"{method} {address}: {status}");
                Assert.Equal(path.Select(o => o.Method).Order(), response.Content.Headers.Allow.Order());
                await FitsAsync("NotAllowed", problem);
            }
        }
    }

    [Fact]
    public async Task Example_is_answered_as_described()
    {
        var document = await DocumentAsync();
        foreach (var operation in DescribedOperation.All(document).Where(o => o.Id != "events"))
        {
            foreach (var (name, body) in operation.Examples)
            {
                var id = operation.Path switch
                {
                    _ when operation.Path.StartsWith("/api/v1/operations/", StringComparison.Ordinal) => await QueuedAsync(),
                    _ when operation.Path.StartsWith("/api/v1/credentials/{id}", StringComparison.Ordinal) => await CredentialAsync(),
                    _ when operation.Path.EndsWith("{id}", StringComparison.Ordinal) => await FirstObservationAsync(),
                    _ => "",
                };
                var (status, answer, response) = await platform.SendAsync(operation.Method, operation.Address(("id", id)), body?.ToJsonString());
                var (expected, shape) = operation.Success;
                Assert.True(expected == (int)status, $"{operation.Id} {name}: {status} {answer.ToJsonString()}");
                Assert.Equal(shape["headers"]?["Location"] is not null, response.Headers.Location is not null);
                if (shape["content"] is { } content)
                {
                    Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
                    Fits(document, content["application/json"]!["schema"]!, answer, operation.Id);
                }
            }
        }
    }

    [Fact]
    public async Task Events_are_as_described()
    {
        var document = await DocumentAsync();
        using var events = await EventStream.OpenAsync(platform, "?endpoint=events");
        var device = await platform.StartDeviceAsync("events", RunningPlatform.Allowing(TypeObject.Create(0)));
        await platform.SendAsync("POST", "/devices/events/observations", "{\"paths\":[\"/42769/0/1\"]}");
        await platform.SendAsync("PUT", "/devices/events/42769/0/1", "{\"value\":7}");
        await device.DisposeAsync();
        var seen = new HashSet<string>();
        await foreach (var (_, type, body) in events.FramesAsync(RunningPlatform.Patience))
        {
            seen.Add(type);
            Fits(document, document["components"]!["schemas"]!["Event"]!, body, type);
            if (type == "deregistered")
            {
                break;
            }
        }
        Assert.Superset(new HashSet<string> { "registered", "notification", "deregistered" }, seen);
    }

    [Fact]
    public async Task Refusal_is_a_problem_as_described()
    {
        foreach (var operation in DescribedOperation.All(await DocumentAsync()).Where(o => o.Path.Contains("{endpoint}", StringComparison.Ordinal)))
        {
            var (status, problem, response) = await platform.SendAsync(operation.Method, operation.Address(("endpoint", "nobody")), operation.Examples.First().Body?.ToJsonString());
            Assert.Equal(HttpStatusCode.NotFound, status);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            await FitsAsync("NotFound", problem);
            if (operation.BodySchema is not null)
            {
                (status, problem, _) = await platform.SendAsync(operation.Method, operation.Address(("endpoint", "demo-2")), "{\"nonsense\":1}");
                Assert.True(status == HttpStatusCode.BadRequest, $"{operation.Id}: {status}");
                await FitsAsync("BadRequest", problem);
            }
            if (operation.Parameters.Any(p => p["name"]!.GetValue<string>() == "timeout"))
            {
                Assert.Equal(HttpStatusCode.BadRequest, (await platform.SendAsync(operation.Method, operation.Address(("endpoint", "demo-2"), ("timeout", "0")), operation.Examples.First().Body?.ToJsonString())).Status);
            }
        }
    }

    [Fact]
    public async Task Examples_of_the_document_have_the_shape_that_it_says()
    {
        var document = await DocumentAsync();
        foreach (var operation in DescribedOperation.All(document))
        {
            foreach (var (name, body) in operation.Examples.Where(_ => operation.BodySchema is not null))
            {
                Fits(document, operation.BodySchema!, body, $"{operation.Id} {name}");
            }
            foreach (var (status, reference) in operation.Node["responses"]!.AsObject())
            {
                foreach (var (_, content) in SchemaCheck.Resolve(document, reference!)["content"]?.AsObject() ?? [])
                {
                    Fits(document, content!["schema"]!, content["example"], $"{operation.Id} {status}");
                }
            }
        }
        var ids = DescribedOperation.All(document).Select(o => o.Id).ToArray();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public async Task Page_shows_every_operation_and_needs_nothing_from_elsewhere()
    {
        using var response = await platform.Http.GetAsync(new Uri("/openapi", UriKind.Relative), RunningPlatform.Patience);
        var page = await response.Content.ReadAsStringAsync();
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.All(DescribedOperation.All(await DocumentAsync()), o => Assert.Contains($"<details id=\"{o.Id}\">", page, StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        var leading = page.Split("href=\"")[1..].Select(p => p.Split('"')[0]).Distinct().ToArray();
        Assert.All(leading, l => Assert.True(l == "/openapi/v1.json" || page.Contains($"id=\"{l[1..]}\"", StringComparison.Ordinal), l));
    }

    private async Task<JsonNode> DocumentAsync()
    {
        var text = await platform.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), RunningPlatform.Patience);
        var document = JsonNode.Parse(text)!;
        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        return document;
    }

    private async Task FitsAsync(string response, JsonNode problem)
    {
        var document = await DocumentAsync();
        Fits(document, document["components"]!["responses"]![response]!["content"]!["application/problem+json"]!["schema"]!, problem, response);
    }

    private static void Fits(JsonNode document, JsonNode schema, JsonNode? value, string what)
    {
        var problems = SchemaCheck.Check(document, schema, value).ToArray();
        Assert.True(problems.Length == 0, $"{what}: {string.Join("; ", problems)}\n{value?.ToJsonString()}");
    }

    private async Task<string> QueuedAsync() =>
        (await platform.Server.Find(new DeviceKey("demo-1"))!.QueueAsync(new Lwm2mRequest.Read(new Lwm2mPath(3, 0, 0)))).Id;

    private async Task<string> CredentialAsync() =>
        (await platform.SendAsync("POST", "/credentials", $"{{\"endpoint\":\"described-{_next++}\"}}")).Body["id"]!.GetValue<string>();

    private async Task<string> FirstObservationAsync() =>
        (await platform.SendAsync("GET", "/devices/demo-1/observations")).Body["items"]![0]!["id"]!.GetValue<string>();

    // Whether a route of the program takes the addresses of a described path: a parameter takes any segment, a catch-all every rest.
    private static bool Covers(string pattern, string path)
    {
        var (route, template) = (pattern.Split('/'), path.Split('/'));
        for (var i = 0; i < route.Length; i++)
        {
            if (route[i].StartsWith("{**", StringComparison.Ordinal))
            {
                return template.Length > i;
            }
            if (i >= template.Length || (route[i] != template[i] && !route[i].StartsWith('{')))
            {
                return false;
            }
        }
        return route.Length == template.Length;
    }
}
