using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>What became of a Send with one server (LwM2M Core 1.2 §6.4.6).</summary>
/// <param name="ShortServerId">Which server.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record SendResult(int ShortServerId, SendOutcome Outcome)
{
    /// <summary>The server's answer; null when there was none.</summary>
    public CoapCode? Code { get; init; }

    /// <summary>What was not sent: not registered, not there, or not for this server to read.</summary>
    public IReadOnlyList<Lwm2mPath> LeftOut { get; init; } = [];

    /// <summary>Why it was not delivered, for people; empty when it was.</summary>
    public string Problem { get; init; } = "";
}

/// <summary>What may become of a Send.</summary>
public enum SendOutcome
{
    /// <summary>The server has it.</summary>
    Delivered,
    /// <summary>The server does not want Send (/1/x/23).</summary>
    Muted,
    /// <summary>Nothing was left that the server may read.</summary>
    Nothing,
    /// <summary>The server answered no: with <see cref="SendResult.Code"/>.</summary>
    Refused,
    /// <summary>Too many wait for this server already (<see cref="ClientSettings.SendQueue"/>).</summary>
    QueueFull,
    /// <summary>The server did not answer, or the client has stopped.</summary>
    NotDelivered,
    /// <summary>LwM2M 1.0 is spoken with the server, and has no Send.</summary>
    NotSupported,
}
