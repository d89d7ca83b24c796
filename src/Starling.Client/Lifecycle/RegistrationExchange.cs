using System.Net.Sockets;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>What is said with one server about the registration: Register, Update, De-register (LwM2M Core 1.2 §6.2). It waits for nothing but answers.</summary>
internal sealed class RegistrationExchange(ClientContext context, ServerAccount account, ServerObject server) : IDisposable
{
    private static readonly TimeSpan _absentMaxAge = TimeSpan.FromSeconds(60);   // RFC 7252 §5.10.5
    private volatile Peer? _peer;
    private Told _told = new(0, "", LinkList.None);

    /// <summary>The server; null before it was first looked for.</summary>
    public Peer? Peer => _peer;

    /// <summary>The enabler version that is spoken.</summary>
    public Lwm2mVersion Version { get; private set; } = context.Settings.Version;

    /// <summary>Where the registration is; null when there is none.</summary>
    public Location? Location { get; private set; }

    /// <summary>When Update is due so that the registration does not expire; null for never.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>The server that was busy is left in peace until then.</summary>
    public TimeSpan NotBefore { get; private set; }

    /// <summary>Whether the server does not know the device as it is now.</summary>
    public bool HasNews => Current().DiffersFrom(_told);

    /// <summary>Register, in the highest version that the server knows (§6.2.1: 4.12 says that it does not).</summary>
    /// <returns>Why not; null when the server has accepted.</returns>
    public async Task<string?> RegisterAsync(CancellationToken cancel)
    {
        Location = null;
        try
        {
            var peer = await ConnectAsync(cancel).ConfigureAwait(false);
            while (true)
            {
                var (told, sent) = (Current(), context.Now);
                var request = new Lwm2mRequest.Register(
                    context.Settings.Endpoint, told.Lifetime, Version, told.Binding, QueueMode: false, account.SmsNumber, told.Links);
                var message = await context.Endpoint.RequestAsync(peer, RegistrationCodec.Encode(request), cancel).ConfigureAwait(false);
                if (message.Code == CoapCode.PreconditionFailed && Version > Lwm2mVersion.V10)
                {
                    Version = Version > Lwm2mVersion.V11 ? Lwm2mVersion.V11 : Lwm2mVersion.V10;
                    continue;
                }
                return Accept(message, told, sent);
            }
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            return failure.Message;
        }
    }

    /// <summary>Update, with what the server does not know.</summary>
    /// <returns>Whether the registration still stands.</returns>
    public async Task<bool> UpdateAsync(CancellationToken cancel)
    {
        var (told, sent) = (Current(), context.Now);
        var request = new Lwm2mRequest.Update(
            Location!.ToString(),
            told.Lifetime == _told.Lifetime ? null : told.Lifetime,
            told.Binding == _told.Binding ? null : told.Binding,
            Links: told.Links.Text == _told.Links.Text ? null : told.Links);
        try
        {
            var message = Location.Address(RegistrationCodec.Encode(request));
            var response = await context.Endpoint.RequestAsync(_peer!, message, cancel).ConfigureAwait(false);
            if (response.Code == CoapCode.Changed)
            {
                Remember(told, sent);
                return true;
            }
            if (response.Code == CoapCode.ServiceUnavailable || response.Code == CoapCode.TooManyRequests)
            {
                var wait = response.Options.GetUInt(OptionNumber.MaxAge) is { } seconds ? TimeSpan.FromSeconds(seconds) : _absentMaxAge;
                Due = NotBefore = context.Now + wait;
                return true;
            }
            Log.UpdateRefused(context.Log, context.Settings.Endpoint, account.Uri, response.Code.ToString());
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            Log.UpdateUnanswered(context.Log, context.Settings.Endpoint, account.Uri, failure.Message);
        }
        return false;
    }

    /// <summary>De-register, if there is a registration; it takes no longer than <see cref="ClientSettings.StopTimeout"/>.</summary>
    public async Task DeregisterAsync()
    {
        if (Location is null)
        {
            return;
        }
        using var limit = new CancellationTokenSource(context.Settings.StopTimeout, context.Time);
        try
        {
            var request = Location.Address(RegistrationCodec.Encode(new Lwm2mRequest.Deregister(Location.ToString())));
            await context.Endpoint.RequestAsync(_peer!, request, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (IsOutage(failure) || failure is OperationCanceledException)
        {
            Log.DeregisterUnanswered(context.Log, context.Settings.Endpoint, account.Uri);
        }
        Location = null;
    }

    public void Dispose() => _peer?.Release();

    private async ValueTask<Peer> ConnectAsync(CancellationToken cancel)
    {
        var peer = await context.Endpoint.ConnectAsync(new PeerTarget(account.Uri), cancel).ConfigureAwait(false);
        if (peer != _peer)
        {
            peer.Hold();
            _peer?.Release();
            _peer = peer;
        }
        return peer;
    }

    private string? Accept(CoapMessage message, Told told, TimeSpan sent)
    {
        if (message.Code != CoapCode.Created)
        {
            return $"{message.Code} {RegistrationCodec.DecodeResponse(message).Diagnostic}".TrimEnd();
        }
        Location = Location.Of(message);
        if (Location is null)
        {
            return "2.01 without a location";
        }
        Remember(told, sent);
        Log.Registered(context.Log, context.Settings.Endpoint, account.Uri, Location.ToString(), Version.ToString());
        return null;
    }

    // The server counts the lifetime from when it got the message, which is not before it was sent.
    private void Remember(Told told, TimeSpan sent)
    {
        _told = told;
        NotBefore = TimeSpan.Zero;
        Due = UpdateSchedule.Interval(told.Lifetime, context.Settings.Coap.Transmission.MaxTransmitWait) is { } interval ? sent + interval : null;
    }

    private Told Current() => new(server.Lifetime, server.Binding, DeviceLinks.Of(context.Tree, Version));

    private static bool IsOutage(Exception failure) => failure is CoapException or IOException or SocketException;

    /// <summary>What the server knows of the device.</summary>
    private sealed record Told(long Lifetime, string Binding, LinkList Links)
    {
        public bool DiffersFrom(Told other) => Lifetime != other.Lifetime || Binding != other.Binding || Links.Text != other.Links.Text;
    }
}
