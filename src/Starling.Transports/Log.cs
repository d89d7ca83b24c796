using Microsoft.Extensions.Logging;

namespace Starling.Transports;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "What receives datagrams threw at one of {Length} bytes. The datagram is lost; receiving goes on.")]
    public static partial void SinkFailed(ILogger logger, Exception error, int length);

    [LoggerMessage(LogLevel.Warning,
        "The system keeps {Given} bytes of received datagrams for us where {Asked} were asked for: bursts may be lost. On Linux raise net.core.rmem_max.")]
    public static partial void SmallReceiveBuffer(ILogger logger, int given, int asked);

    [LoggerMessage(LogLevel.Error, "Receiving on UDP {Address} has ended by an error.")]
    public static partial void ReceivingEnded(ILogger logger, Exception error, string address);

    [LoggerMessage(LogLevel.Error, "Sessions could not be stored. They go on; after a restart their devices have to shake hands again.")]
    public static partial void SessionsNotKept(ILogger logger, Exception error);

    [LoggerMessage(LogLevel.Error, "Public-key work of a handshake with {Peer} threw. The handshake has ended.")]
    public static partial void WorkFailed(ILogger logger, Exception error, string peer);

    [LoggerMessage(LogLevel.Error, "Who knows the credentials threw when asked about {Peer}. Its handshake has ended.")]
    public static partial void CredentialsFailed(ILogger logger, Exception error, string peer);
}
