using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>What is said with one server about the registration: Register, Update, De-register (LwM2M Core 1.2 §6.2). It waits for nothing but answers.</summary>
internal sealed class RegistrationExchange(ClientContext context, ServerAccount account, ServerObject server) : IDisposable
{
    private const long AbsentMaxAge = 60;   // RFC 7252 §5.10.5
    private volatile Peer? _peer;
    private Announcement _told = Announcement.None;
    private Uri _uri = account.Uri;
    private bool _profilesRefused;
    private char? _toldTransport;
    private volatile bool _isToMove;

    /// <summary>The server; null before it was first looked for.</summary>
    public Peer? Peer => _peer;

    /// <summary>The enabler version that is spoken.</summary>
    public Lwm2mVersion Version { get; private set; } = VersionChoice.Candidates(context.Settings.Version, server.SupportedVersions)[0];

    /// <summary>Where the registration is; null when there is none.</summary>
    public Location? Location { get; private set; }

    /// <summary>When Update is due so that the registration does not expire; null for never.</summary>
    public TimeSpan? Due { get; private set; }

    /// <summary>The server that was busy is left in peace until then.</summary>
    public TimeSpan NotBefore { get; private set; }

    /// <summary>Whether the server does not know the device as it is now.</summary>
    public bool HasNews => Current().DiffersFrom(_told);

    /// <summary>
    /// Whether the server has told to use another transport than the one that is used. A preference that is written counts from the next registration on
    /// and leaves this one as it is.
    /// </summary>
    public bool IsToMove => _isToMove;

    /// <summary>The letters of the bindings that the device has (/3/0/16).</summary>
    public string SupportedBinding => context.Tree.Find(3, 0)?.Get(16) is { Kind: ValueKind.String } letters ? letters.AsString() : server.Binding;

    /// <summary>The server has told to use the transport of this letter.</summary>
    public void MoveTo(char letter)
    {
        _toldTransport = letter;
        _isToMove = Wanted() != _uri;
    }

    /// <summary>Register, in the highest version that the server knows (§6.2.1: 4.12 says that it does not).</summary>
    /// <returns>Why not; null when the server has accepted.</returns>
    public async Task<Setback?> RegisterAsync(CancellationToken cancel)
    {
        Location = null;
        _isToMove = false;
        _uri = Wanted();
        if (!TryTarget(out var target, out var problem))
        {
            return new Setback(problem);
        }
        try
        {
            var refusal = await RegisterAsync(await ConnectAsync(target, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
            return refusal is null ? null : new Setback(refusal);
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            Renew(failure);
            server.KeepAlert(failure);
            return Setback.Of(failure);
        }
    }

    private async Task<string?> RegisterAsync(Peer peer, CancellationToken cancel)
    {
        var versions = VersionChoice.Candidates(context.Settings.Version, server.SupportedVersions);
        Version = versions.Contains(Version) ? Version : versions[0];
        while (true)
        {
            var (told, sent) = (Current(), context.Now);
            var message = await RegisterAsync(peer, told, cancel).ConfigureAwait(false);
            if (message.Code != CoapCode.PreconditionFailed || Version == versions[^1])
            {
                return Accept(message, told, sent);
            }
            Version = versions.First(v => v < Version);
        }
    }

    // Ids stand for the list until the server says that it does not know them (4.09), or what they are.
    private async Task<CoapMessage> RegisterAsync(Peer peer, Announcement told, CancellationToken cancel)
    {
        var settings = context.Settings;
        var whole = new Lwm2mRequest.Register(
            settings.Endpoint, told.Lifetime, Version, told.Binding, settings.QueueMode, account.SmsNumber, told.Links, Profiles(told));
        if (whole.ProfileIds is null)
        {
            return await SendAsync(peer, whole, cancel).ConfigureAwait(false);
        }
        var answer = await SendAsync(peer, whole with { Links = LinkList.None }, cancel).ConfigureAwait(false);
        if (answer.Code == CoapCode.Conflict)
        {
            return await SendAsync(peer, whole, cancel).ConfigureAwait(false);
        }
        if (answer.Code == CoapCode.BadRequest || answer.Code == CoapCode.BadOption)
        {
            _profilesRefused = true;
            return await SendAsync(peer, whole with { ProfileIds = null }, cancel).ConfigureAwait(false);
        }
        return answer;
    }

    private ValueTask<CoapMessage> SendAsync(Peer peer, Lwm2mRequest.Register request, CancellationToken cancel) =>
        context.Endpoint.RequestAsync(peer, RegistrationCodec.Encode(request), cancel);

    /// <summary>Update, with what the server does not know.</summary>
    /// <returns>Whether the registration still stands.</returns>
    public async Task<bool> UpdateAsync(CancellationToken cancel)
    {
        var (told, sent) = (Current(), context.Now);
        var request = new Lwm2mRequest.Update(
            Location!.ToString(),
            told.Lifetime == _told.Lifetime ? null : told.Lifetime,
            told.Binding == _told.Binding ? null : OldBinding(told.Binding),
            Links: told.Links.Text == _told.Links.Text ? null : told.Links,
            ProfileIds: told.Links.Text == _told.Links.Text ? null : Profiles(told));
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
                // No longer than the lifetime, whatever the server says: a registration is not given up in silence.
                var wait = Math.Min(response.Options.MaxAge ?? AbsentMaxAge, told.Lifetime > 0 ? told.Lifetime : long.MaxValue);
                Due = NotBefore = context.Now + TimeSpan.FromSeconds(wait);
                return true;
            }
            Log.UpdateRefused(context.Log, context.Settings.Endpoint, account.Uri, response.Code.ToString());
        }
        catch (Exception failure) when (IsOutage(failure))
        {
            Renew(failure);
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
            Log.Deregistered(context.Log, context.Settings.Endpoint, account.Uri);
        }
        catch (Exception failure) when (IsOutage(failure) || failure is OperationCanceledException)
        {
            Log.DeregisterUnanswered(context.Log, context.Settings.Endpoint, account.Uri);
        }
        Location = null;
    }

    public void Dispose() => _peer?.Release();

    private async ValueTask<Peer> ConnectAsync(PeerTarget target, CancellationToken cancel)
    {
        var peer = await DialAsync(target, cancel).ConfigureAwait(false);
        if (peer != _peer)
        {
            peer.Hold();
            var before = _peer;
            _peer = peer;
            before?.Release();
            Leave(before);
        }
        return peer;
    }

    // Nothing is said any more in a session that another one has followed.
    private void Leave(Peer? session)
    {
        if (session is not null && session.Identity is not PeerIdentity.Anonymous)
        {
            context.Endpoint.Close(session);
        }
    }

    // What cannot be used of the keys, a server may have written: that is no mistake of our caller's.
    private async ValueTask<Peer> DialAsync(PeerTarget target, CancellationToken cancel)
    {
        try
        {
            try
            {
                return await context.Endpoint.ConnectAsync(target, cancel).ConfigureAwait(false);
            }
            catch (NotSupportedException) when (_peer?.Identity is not (null or PeerIdentity.Anonymous))
            {
                Leave(_peer);   // with the keys that the account had before, it may be what is in the way
                return await context.Endpoint.ConnectAsync(target, cancel).ConfigureAwait(false);
            }
        }
        catch (Exception unusable) when (unusable is ArgumentException or NotSupportedException)
        {
            throw new HandshakeFailedException(unusable.Message);
        }
    }

    private bool TryTarget([NotNullWhen(true)] out PeerTarget? target, [NotNullWhen(false)] out string? problem)
    {
        (target, problem) = (null, $"/0/{server.Instance.Id} is not there");
        return Security is { } security && SecurityTarget.TryRead(security, _uri, account, out target, out problem);
    }

    /// <summary>The account's credentials for another place at one of its hosts; null where they are for none there, or cannot be used.</summary>
    public PeerTarget? TargetAt(Uri place) =>
        Security is { } security && Uris().Any(uri => string.Equals(uri.DnsSafeHost, place.DnsSafeHost, StringComparison.OrdinalIgnoreCase))
            && SecurityTarget.TryRead(security, place, account, out var target, out _) && target.Credentials is not null
            ? target : null;

    // The instances of one account have one number.
    private ObjectInstance? Security => context.Tree.Find(0, server.Instance.Id);

    private bool IsSecured => _uri.Scheme.StartsWith("coaps", StringComparison.Ordinal);

    // A server that has lost the session cannot say so: what was not answered is said in a new one next time.
    private void Renew(Exception failure)
    {
        if (IsSecured && failure is CoapTimeoutException { IsAcknowledged: false } && _peer is { } silent)
        {
            context.Endpoint.Close(silent);
        }
    }

    private string? Accept(CoapMessage message, Announcement told, TimeSpan sent)
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
    private void Remember(Announcement told, TimeSpan sent)
    {
        _told = told;
        NotBefore = TimeSpan.Zero;
        Due = UpdateSchedule.Interval(told.Lifetime, context.Settings.Coap.Transmission.MaxTransmitWait) is { } interval ? sent + interval : null;
    }

    private Announcement Current() => Announcement.Of(context, server, Version);

    private IReadOnlyList<string>? Profiles(Announcement told) => _profilesRefused || told.Profiles.Count == 0 ? null : told.Profiles;

    private Uri Wanted() => TransportChoice.UriFor(TransportChoice.Letters(_toldTransport, server.PreferredTransport, server.Binding, SupportedBinding), Uris());

    private Uri[] Uris() => Security is { } security && SecurityTarget.Uris(security).ToArray() is { Length: > 0 } uris ? uris : [account.Uri];

    // 1.0 tells queue mode by a Q behind the first letter, and without it ends queue mode.
    private string OldBinding(string binding) =>
        Version < Lwm2mVersion.V11 && context.Settings.QueueMode && binding.Length > 0 ? $"{binding[0]}Q{binding[1..]}" : binding;

    private static bool IsOutage(Exception failure) => failure is CoapException or IOException or SocketException;
}
