using Microsoft.Extensions.Logging;

namespace Starling.Coap;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A handler failed on {Request}: answered 5.00")]
    public static partial void HandlerFailed(ILogger log, string request, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "A handler failed on {What} of {Peer}")]
    public static partial void CallbackFailed(ILogger log, string what, string peer, Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "The sink of a body from {Peer} failed when it was told that the body does not come")]
    public static partial void SinkFailed(ILogger log, string peer, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A notification from {Peer} could not be completed: {Reason}")]
    public static partial void NotificationFailed(ILogger log, string peer, string reason);
}
