using Microsoft.Extensions.Logging;
using Starling.Coap;

namespace Starling.Server;

/// <summary>What the server writes to the log.</summary>
internal sealed partial class Log(ILogger logger)
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Device} has registered")]
    public partial void Registered(DeviceSession device);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Device} is not registered any more: {Cause}")]
    public partial void Deregistered(DeviceSession device, string cause);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Device} has expired")]
    public partial void Expired(DeviceSession device);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Device} has moved from {From}")]
    public partial void Moved(DeviceSession device, PeerAddress from);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Peer} was refused: {Refusal}")]
    public partial void Rejected(Peer peer, Refusal refusal);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Device} could not be asked for {Observation} again; its next Update brings another try")]
    public partial void NotObserved(DeviceSession device, Observation observation, Exception why);

    [LoggerMessage(Level = LogLevel.Error, Message = "A queued operation could not be sent to {Device}")]
    public partial void QueueFailed(DeviceSession device, Exception why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store failed; devices are answered 5.03 until it works again")]
    public partial void StoreFailed(Exception why);

    [LoggerMessage(Level = LogLevel.Error, Message = "What happened to a queued operation, or a profile id that was learned, could not be stored")]
    public partial void NotStored(Exception why);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} devices of the store are not what this server keeps: they have to register anew")]
    public partial void NotRestored(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} devices were registered and stay so, though the limit is {Limit}: none registers anew until there are fewer")]
    public partial void MoreThanMayBe(int count, int limit);

    [LoggerMessage(Level = LogLevel.Information, Message = "LwM2M server started; {Count} devices were registered before")]
    public partial void Started(int count);
}
