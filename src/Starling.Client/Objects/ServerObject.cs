using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The object Server (1) of one account (LwM2M Core 1.2 appendix E.2): its values are the settings of the registration, and servers may change them.
/// What is absent has the default that the object's definition gives.
/// </summary>
internal sealed class ServerObject
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(36_500);

    public ServerObject(ObjectDefinition definition, int instanceId, ServerAccount account)
    {
        Instance = new ObjectInstance(definition, instanceId)
        {
            [0] = account.ShortServerId,
            [1] = Seconds(account.Lifetime),
            [2] = Seconds(account.DefaultMinimumPeriod),
            [3] = Seconds(account.DefaultMaximumPeriod),
            [4] = Resource.Execute((_, _) => Trigger(DisableTriggered)),
            [5] = Seconds(account.DisableTimeout),
            [6] = account.StoresNotifications,
            [7] = account.Binding,
            [8] = Resource.Execute((arguments, _) => Trigger(() => UpdateTriggered?.Invoke(arguments))),
        };
        PutIfDefined(13, account.RegistrationOrder is { } order ? order : Lwm2mValue.None);
        PutIfDefined(14, account.InitialRegistrationDelay);
        PutIfDefined(15, account.BlocksOnFailure);
        PutIfDefined(16, account.BootstrapsOnFailure);
        PutIfDefined(17, account.RetryCount);
        PutIfDefined(18, account.RetryTimer);
        PutIfDefined(19, account.SequenceDelay);
        PutIfDefined(20, account.SequenceRetryCount);
        PutIfDefined(22, account.PreferredTransport is { } letter ? letter : Lwm2mValue.None);
        PutIfDefined(23, account.MuteSend);
        PutIfDefined(26, account.ConfirmableNotifications ? 1 : 0);
        PutIfDefined(27, account.ProfileIdAlgorithm is { } suite ? suite : Lwm2mValue.None);
        if (Instance.Definition.Find(25) is not null && account.SupportedVersions.Count > 0)
        {
            Instance[25] = Resource.Multiple(account.SupportedVersions.Select(version => (Lwm2mValue)version));
        }
        Instance.AddAbsent();
    }

    public ObjectInstance Instance { get; }

    /// <summary>Execute /1/x/8, with its arguments.</summary>
    public Action<string?>? UpdateTriggered { get; set; }

    /// <summary>Execute /1/x/4.</summary>
    public Action? DisableTriggered { get; set; }

    public long Lifetime => Integer(1, 86_400);
    public string Binding => Instance.Get(7) is { Kind: ValueKind.String } binding ? binding.AsString() : "U";
    public string? PreferredTransport => Instance.Get(22) is { Kind: ValueKind.String } letter ? letter.AsString() : null;
    public IEnumerable<string> SupportedVersions => (Instance.Find(25)?.ReadInstances() ?? []).Values.Select(v => v.AsString());
    public int? ProfileIdAlgorithm => OptionalInteger(27) is { } suite and >= 1 and <= 6 ? (int)suite : null;
    public long? RegistrationOrder => OptionalInteger(13);
    public bool BlocksOnFailure => Boolean(15, false);
    public bool BootstrapsOnFailure => Boolean(16, true);
    public TimeSpan DisableTimeout => Span(Integer(5, 86_400));
    public TimeSpan InitialRegistrationDelay => Span(Integer(14, 0));
    public long RetryCount => Integer(17, 5);
    public TimeSpan RetryTimer => Span(Integer(18, 60));
    public TimeSpan SequenceDelay => Span(Integer(19, 86_400));
    public long SequenceRetryCount => Integer(19, 86_400) >= uint.MaxValue ? 1 : Integer(20, 1);   // MAX_VALUE: there is no further sequence
    public bool ConfirmableNotifications => Integer(26, 0) == 1;
    public bool StoresNotifications => Boolean(6, true);
    public bool MuteSend => Boolean(23, true);

    /// <summary>Keeps the last alert that the server has sent (/1/x/11), when this is one.</summary>
    public void KeepAlert(Exception failure)
    {
        if (failure is HandshakeFailedException { Alert: { } alert, AlertIsOurs: false } && Instance.Find(11) is not null)
        {
            Instance.Set(11, alert);
        }
    }

    /// <summary>What counts where the server has attached nothing (§7.3.2).</summary>
    public NotificationAttributes Defaults => new() { MinimumPeriod = Period(2), MaximumPeriod = Period(3) };

    // The definition calls them integers without a range.
    private static ValueResource Seconds(long? seconds) => new(seconds is { } number ? number : Lwm2mValue.None)
    {
        Refuse = static value => value.Kind == ValueKind.Integer && value.AsInteger() < 0 ? $"is {value} seconds, less than none" : null,
    };

    private static Task Trigger(Action? action)
    {
        action?.Invoke();
        return Task.CompletedTask;
    }

    // Versions 1.0 and 1.1 of the object lack some.
    private void PutIfDefined(int resourceId, Lwm2mValue value)
    {
        if (Instance.Definition.Find(resourceId) is not null)
        {
            Instance[resourceId] = value;
        }
    }

    private static TimeSpan Span(long seconds) => seconds < _longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : _longest;

    private long Integer(int resourceId, long absent) => OptionalInteger(resourceId) ?? absent;

    private long? Period(int resourceId) => OptionalInteger(resourceId) is { } seconds ? Math.Min(seconds, uint.MaxValue) : null;

    private bool Boolean(int resourceId, bool absent) => Instance.Get(resourceId) is { Kind: ValueKind.Boolean } value ? value.AsBoolean() : absent;

    private long? OptionalInteger(int resourceId)
    {
        var value = Instance.Get(resourceId);
        return !value.IsNumeric ? null
            : value.Kind == ValueKind.Unsigned ? (long)Math.Min(value.AsUnsigned(), long.MaxValue)
            : Math.Max(value.AsInteger(), 0);
    }
}
