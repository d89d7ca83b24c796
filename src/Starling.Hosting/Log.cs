using System.Net;
using Microsoft.Extensions.Logging;

namespace Starling.Hosting;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "Devices connect by CoAP over UDP at {Address}")]
    public static partial void Listening(ILogger log, IPEndPoint address);

    [LoggerMessage(LogLevel.Information, "Devices connect by CoAP over DTLS at {Address}")]
    public static partial void ListeningSecured(ILogger log, IPEndPoint address);
}
