using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Server;

/// <summary>
/// A registered device. The same object for as long as the device stays registered, also when it registers anew.
/// An idle one costs no task, no timer of the system and no message.
/// </summary>
/// <remarks>Its state changes under its own monitor, by <see cref="Registrar"/> and <see cref="Observer"/> only.</remarks>
public sealed class DeviceSession : IKeyed<RegistrationId>
{
    private DeviceFlags _flags;
    private PeerFormats? _learned;

    internal DeviceSession(Lwm2mServer server, DeviceKey key)
    {
        Server = server;
        Key = key;
    }

    /// <summary>Which device.</summary>
    public DeviceKey Key { get; }

    /// <summary>The registration as it stands now; as it stood last when the device is not registered any more.</summary>
    public Registration Registration
    {
        get
        {
            lock (this)
            {
                return Snapshot();
            }
        }
    }

    /// <summary>False once it has de-registered, expired or been removed; operations fail then.</summary>
    public bool IsRegistered => State == DeviceLife.Registered;

    /// <summary>Where it is spoken to; null when a store has kept it at an address that no channel reaches, until it is heard from.</summary>
    public Peer? Peer { get; internal set; }

    /// <summary>Who it has proven to be.</summary>
    public PeerIdentity Identity => Peer?.Identity ?? Restored?.Identity ?? PeerIdentity.None;

    /// <summary>The objects as this device means them: in the versions that it told, or that its enabler version implies.</summary>
    public CatalogView Catalog => Server.Catalog.ViewFor(Links, Version);

    /// <summary>What is observed, as it stands now.</summary>
    public IReadOnlyList<Observation> Observations => Watched;

    /// <summary>Whether it listens, as far as anybody can know.</summary>
    public Presence Presence
    {
        get
        {
            lock (this)
            {
                return Server.Listening.Read(this);
            }
        }
    }

    /// <summary>How long it listens after it was heard from; null is <see cref="ServerSettings.AwakeWindow"/>.</summary>
    public TimeSpan? AwakeWindow { get; internal set; }

    /// <summary>
    /// What the device has taught of how long it listens, since it registered: its Active Timer (<c>/10/x/5</c>, T3324 of 3GPP TS 24.008), or that it left
    /// requests without a sign. Null for nothing. <see cref="AwakeWindow"/> counts before it.
    /// </summary>
    public TimeSpan? LearnedWindow => LearnedMilliseconds < 0 ? null : TimeSpan.FromMilliseconds(LearnedMilliseconds);

    /// <summary>
    /// Gives the device an awake window of its own, which outlives its registration; null takes it away. Zero or more, at most a day.
    /// </summary>
    /// <exception cref="IOException">It could not be stored.</exception>
    public ValueTask SetAwakeWindowAsync(TimeSpan? window)
    {
        if (window is { } length)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.Zero, nameof(window));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(length, TimeSpan.FromDays(1), nameof(window));
        }
        return Server.Registrar.SetAwakeWindowAsync(this, window);
    }

    /// <summary>
    /// Puts an operation into the queue: it is sent when the device listens, in order and one at a time, and is kept as durably as
    /// <see cref="Lwm2mServer.OperationStore"/> keeps it. What becomes of it is told by <see cref="OperationQueue"/> and by a
    /// <see cref="DeviceEvent.OperationEnded"/>. One that was lost on the way is sent again, unless it is an Execute or a Create.
    /// </summary>
    /// <param name="request">What <see cref="SendAsync"/> takes. Formats are chosen when it is sent.</param>
    /// <param name="timeToLive">How long it may wait; null is <see cref="QueueSettings.TimeToLive"/>.</param>
    /// <exception cref="CoapException">There is no place in the queue, or it could not be stored.</exception>
    /// <exception cref="ArgumentException">The request is no operation on a device, is too large, or is to wait too long.</exception>
    public ValueTask<QueuedOperation> QueueAsync(Lwm2mRequest request, TimeSpan? timeToLive = null)
    {
        ThrowIfNotManagement(request);
        return Server.Operations.AddAsync(this, request, timeToLive);
    }

    /// <summary>Sends an operation and gives the device's answer. Operations to one device wait for one another (NSTART, RFC 7252 §4.7).</summary>
    /// <param name="request">Read, Discover, Write, WriteAttributes, Execute, Create, Delete, ReadComposite or WriteComposite.</param>
    /// <param name="cancel">Stops waiting; what has been sent may still be done.</param>
    /// <exception cref="CoapException">There was no answer: timeout, Reset, device gone, queue full.</exception>
    /// <exception cref="ArgumentException">The request is no operation on a device, or its values cannot be written in any format.</exception>
    public ValueTask<Lwm2mResponse> SendAsync(Lwm2mRequest request, CancellationToken cancel)
    {
        ThrowIfNotManagement(request);
        return Server.Sender.SendAsync(this, request, default, cancel);
    }

    /// <summary>Sends a request as it is and gives the answer as it is: for what is no operation of LwM2M, and for tests. A new token is given to it.</summary>
    /// <param name="request">The request; its path is not put below the device's root.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="CoapException">There was no answer.</exception>
    public ValueTask<CoapMessage> RequestAsync(CoapMessage request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Server.Sender.RequestAsync(this, request, cancel);
    }

    /// <summary>Observes one path, as <see cref="ObserveAsync(ObserveOrder, CancellationToken)"/> does.</summary>
    /// <param name="path">Object, instance, resource or resource instance.</param>
    /// <param name="attributes">The attributes; null for none.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="CoapException">There was no answer, or the device has as many observations as <see cref="ServerSettings.MaxObservationsPerDevice"/> allows.</exception>
    public ValueTask<ObserveAnswer> ObserveAsync(Lwm2mPath path, NotificationAttributes? attributes, CancellationToken cancel) =>
        ObserveAsync(new ObserveOrder(path) { Attributes = attributes }, cancel);

    /// <summary>
    /// Observes one path, or several at once. It is wanted from then on: the server asks for it again, attributes included, whenever the device has
    /// registered anew, and a device that sleeps is asked when it wakes. What is observed already is asked for again and keeps its id. The first values
    /// and those that come later are <see cref="DeviceEvent.Notified"/> events.
    /// </summary>
    /// <param name="order">What is wanted.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="CoapException">There was no answer, or the device has as many observations as <see cref="ServerSettings.MaxObservationsPerDevice"/> allows.</exception>
    /// <exception cref="ArgumentException">No observation can be like that.</exception>
    public ValueTask<ObserveAnswer> ObserveAsync(ObserveOrder order, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(order);
        return order.Paths.Count == 0 || (!order.IsComposite && order.Paths.Count > 1)
            ? throw new ArgumentException("An observation is of one path, or a composite of one or more.", nameof(order))
            : Server.Observer.ObserveAsync(this, order, cancel);
    }

    /// <summary>
    /// Ends an observation. It is forgotten here in any case; a device that cannot be reached is told by the Reset to its next notification.
    /// </summary>
    /// <param name="observationId">The observation's <see cref="Observation.Id"/>.</param>
    /// <param name="cancel">Stops waiting for the device's answer.</param>
    /// <returns>The device's answer, with the code 0.00 when it gave none; null when there is no such observation.</returns>
    public ValueTask<Lwm2mResponse?> CancelAsync(string observationId, CancellationToken cancel) =>
        Server.Observer.CancelAsync(this, observationId, cancel);

    /// <summary>The device's key.</summary>
    public override string ToString() => Key.ToString();

    internal Lwm2mServer Server { get; }
    internal RegistrationId Id { get; set; }
    internal Lwm2mVersion Version { get; set; }
    internal uint Lifetime { get; set; }
    internal long RegisteredAt { get; set; }
    internal long UpdatedAt { get; set; }
    internal long HeardAt { get; set; }
    internal LinkList Links { get; set; } = LinkList.None;

    /// <summary>The formats that it announced, and what its refusals have taught since it registered.</summary>
    internal PeerFormats Formats => _learned ?? Links.Spoken;

    internal string Binding { get; set; } = "U";
    internal string? SmsNumber { get; set; }
    internal IReadOnlyList<string> ProfileIds { get; set; } = [];
    internal Observation[] Watched { get; set; } = [];
    internal ExpiryTimer? Timer { get; set; }
    internal long StoreVersion { get; set; }

    /// <summary>Where it was when it was stored, and who; only while it has no peer.</summary>
    internal KeptContact? Restored { get; set; }

    internal DeviceLife State { get; set; }

    internal bool QueueMode
    {
        get => (_flags & DeviceFlags.QueueMode) != 0;
        set => _flags = value ? _flags | DeviceFlags.QueueMode : _flags & ~DeviceFlags.QueueMode;
    }

    /// <summary>Whether an observation has to be told to the device again.</summary>
    internal bool HasUnsettled
    {
        get => (_flags & DeviceFlags.HasUnsettled) != 0;
        set => _flags = value ? _flags | DeviceFlags.HasUnsettled : _flags & ~DeviceFlags.HasUnsettled;
    }

    /// <summary>Whether its awake window is over. It says something only in queue mode.</summary>
    internal bool IsAsleep
    {
        get => (_flags & DeviceFlags.IsAsleep) != 0;
        set => _flags = value ? _flags | DeviceFlags.IsAsleep : _flags & ~DeviceFlags.IsAsleep;
    }

    /// <summary>Whether it left the last request without any sign.</summary>
    internal bool IsSilent
    {
        get => (_flags & DeviceFlags.IsSilent) != 0;
        set => _flags = value ? _flags | DeviceFlags.IsSilent : _flags & ~DeviceFlags.IsSilent;
    }

    /// <summary><see cref="LearnedWindow"/>; -1 for nothing. A number, because there are many devices.</summary>
    internal int LearnedMilliseconds { get; set; } = -1;

    /// <summary>How long after it was heard from it last left a request without a sign, in milliseconds; -1 for never since it registered.</summary>
    internal int SilentAfter { get; set; } = -1;

    internal bool IsSleeping => QueueMode && IsAsleep;

    /// <summary>Whether composites have gone unanswered since it registered.</summary>
    internal bool HasNoComposites { get; set; }

    /// <summary>Whether something may wait in the queue. Under the queue's lock, not this one's.</summary>
    internal bool HasQueued { get; set; }

    /// <summary>Whether what the store keeps is older than what is here: it has refused a change, or something was learned that the next one takes along.</summary>
    internal bool IsStoreBehind
    {
        get => (_flags & DeviceFlags.IsStoreBehind) != 0;
        set => _flags = value ? _flags | DeviceFlags.IsStoreBehind : _flags & ~DeviceFlags.IsStoreBehind;
    }

    RegistrationId IKeyed<RegistrationId>.TableKey => Id;

    /// <summary>Takes what a Register says. A new registration begins with nothing of the one before (LwM2M Core 1.2 §6.2.1).</summary>
    internal void Fill(Lwm2mRequest.Register request, long now, long defaultLifetime)
    {
        Version = request.Version;
        Lifetime = (uint)Math.Clamp(request.Lifetime ?? defaultLifetime, 0, uint.MaxValue);
        RegisteredAt = now;
        UpdatedAt = now;
        HeardAt = now;
        IsAsleep = false;
        IsSilent = false;
        HasNoComposites = false;
        LearnedMilliseconds = -1;
        SilentAfter = -1;
        Links = request.Links;
        _learned = null;
        Binding = request.Binding ?? "U";
        QueueMode = request.QueueMode;
        SmsNumber = request.SmsNumber;
        ProfileIds = request.ProfileIds ?? [];
    }

    /// <summary>Takes what an Update says; what it does not say stays (§6.2.2).</summary>
    internal void Apply(Lwm2mRequest.Update update)
    {
        Lifetime = update.Lifetime is { } seconds ? (uint)Math.Clamp(seconds, 0, uint.MaxValue) : Lifetime;
        _learned = update.Links is null ? _learned : null;
        ProfileIds = update.ProfileIds ?? (update.Links is null ? ProfileIds : []);   // a list without them stands by itself
        Links = update.Links ?? Links;
        SmsNumber = update.SmsNumber ?? SmsNumber;
        // A 1.0 device tells queue mode by a letter of its binding: one without it ends queue mode.
        QueueMode = update.QueueMode ?? (QueueMode && !(update.Binding is not null && Version == Lwm2mVersion.V10));
        Binding = update.Binding ?? Binding;
    }

    /// <summary>
    /// Takes what a refusal has taught, unless the device has told another list meanwhile. The store gets it with the next Update: a write of its own would
    /// cost more than to be refused once again.
    /// </summary>
    internal void Learn(PeerFormats formats)
    {
        lock (this)
        {
            if (formats != Formats && ReferenceEquals(formats.Announced, Links.Formats))
            {
                _learned = formats;
                IsStoreBehind = true;
            }
        }
    }

    /// <summary>Takes what a store has kept.</summary>
    internal void Restore(RegistrationId id, DeviceState state)
    {
        var kept = state.Registration;
        Id = id;
        Version = kept.Version;
        Lifetime = (uint)Math.Clamp(kept.Lifetime, 0, uint.MaxValue);
        // What was not before now was told by another time of day: how long ago it was nobody knows.
        RegisteredAt = Math.Min(Server.Clock.FromTime(kept.RegisteredAt), Server.Clock.Now);
        UpdatedAt = Math.Min(Server.Clock.FromTime(kept.UpdatedAt), Server.Clock.Now);
        HeardAt = UpdatedAt;
        AwakeWindow = state.AwakeWindow;
        Links = kept.Links;
        _learned = FormatsOf(state);
        Binding = kept.Binding;
        QueueMode = kept.QueueMode;
        SmsNumber = kept.SmsNumber;
        ProfileIds = kept.ProfileIds;
        Restored = new KeptContact(kept.Address, kept.Identity);
        StoreVersion = state.Version;
    }

    internal Registration Snapshot() => new(Id.ToString(), Key.Endpoint, Version, Lifetime, Links)
    {
        RegisteredAt = Server.Clock.ToTime(RegisteredAt),
        UpdatedAt = Server.Clock.ToTime(UpdatedAt),
        ExpiresAt = Lifetime == 0 ? null : Server.Clock.ToTime(UpdatedAt + (Lifetime * 1000L)),
        Binding = Binding,
        QueueMode = QueueMode,
        SmsNumber = SmsNumber,
        ProfileIds = ProfileIds,
        Address = Peer?.Address ?? Restored?.Address ?? default,
        Identity = Identity,
    };

    internal DeviceState ToState() => new(Key, Snapshot(), ToObservations(), StoreVersion)
    {
        AwakeWindow = AwakeWindow,
        PreferredFormat = _learned?.Preferred,
        RefusedFormats = _learned?.Refused ?? [],
    };

    internal StoredObservation[] ToObservations() => Array.ConvertAll(Watched, static o => o.Stored);

    private static PeerFormats? FormatsOf(DeviceState state)
    {
        var announced = state.Registration.Links.Spoken;
        var formats = state.RefusedFormats.Aggregate(announced, static (known, refused) => known.Refusing(refused));
        formats = state.PreferredFormat is { } preferred ? formats.Preferring(preferred) : formats;
        return formats == announced ? null : formats;
    }

    private static void ThrowIfNotManagement(Lwm2mRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        switch (request)
        {
            case Lwm2mRequest.Observe or Lwm2mRequest.CancelObserve or Lwm2mRequest.ObserveComposite or Lwm2mRequest.CancelObserveComposite:
                throw new ArgumentException("Observations have methods of their own, and wait for their device by themselves: ObserveAsync and CancelAsync.", nameof(request));
            case Lwm2mRequest.Send:
                throw new ArgumentException("Send is what devices send.", nameof(request));
        }
    }

    [Flags]
    private enum DeviceFlags : byte
    {
        None = 0,
        QueueMode = 1,
        HasUnsettled = 2,
        IsAsleep = 4,
        IsSilent = 8,
        IsStoreBehind = 16,
    }
}

/// <summary>Where a session stands. It goes from left to right and never back.</summary>
internal enum DeviceLife : byte
{
    Fresh,
    Registered,
    Gone,
}

/// <summary>What a store has kept of how a device is reached.</summary>
/// <param name="Address">Where it was.</param>
/// <param name="Identity">Who it had proven to be.</param>
internal sealed record KeptContact(PeerAddress Address, PeerIdentity Identity);
