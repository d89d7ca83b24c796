using Microsoft.Extensions.Logging;

namespace Starling.Client;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "{Endpoint} is registered with {Server} at {Location}, LwM2M {Version}.")]
    public static partial void Registered(ILogger log, string endpoint, Uri server, string location, string version);

    [LoggerMessage(LogLevel.Warning, "{Endpoint} could not register with {Server}: {Problem}. Next attempt in {Delay}.")]
    public static partial void RegistrationFailed(ILogger log, string endpoint, Uri server, string problem, TimeSpan delay);

    [LoggerMessage(LogLevel.Information, "{Server} answered the update of {Endpoint} with {Code}; registering again.")]
    public static partial void UpdateRefused(ILogger log, string endpoint, Uri server, string code);

    [LoggerMessage(LogLevel.Warning, "{Server} did not answer the update of {Endpoint}: {Problem}; registering again.")]
    public static partial void UpdateUnanswered(ILogger log, string endpoint, Uri server, string problem);

    [LoggerMessage(LogLevel.Information, "{Endpoint} has de-registered from {Server}.")]
    public static partial void Deregistered(ILogger log, string endpoint, Uri server);

    [LoggerMessage(LogLevel.Information, "{Server} did not answer the de-registration of {Endpoint}.")]
    public static partial void DeregisterUnanswered(ILogger log, string endpoint, Uri server);

    [LoggerMessage(LogLevel.Information, "{Server} has disabled {Endpoint} for {Time}.")]
    public static partial void Disabled(ILogger log, string endpoint, Uri server, TimeSpan time);

    [LoggerMessage(LogLevel.Warning, "{Path} of {Endpoint} could not be read for a notification.")]
    public static partial void ReadFailed(ILogger log, string endpoint, string path, Exception failure);
}
