using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// The object Lock and Wipe (8): a device that is lost can be locked and emptied from afar. A server writes what is meant (1, 4) and then the state (0)
/// or executes Wipe (3); how it went is Operation Result (5): 1 to 3 locked in part, locked, unlocked; 4 wiped; 5 to 8 the same, failed.
/// </summary>
public sealed class LockWipeObject
{
    private const int Failed = 4;   // what a result of success becomes when it is none
    private readonly MultipleResource _items;
    private volatile IReadOnlyList<string> _lockTargets = [], _wipeTargets = [];
    private volatile int _state;

    /// <summary>Makes the object of a device that is not locked.</summary>
    /// <param name="definition">The definition of object 8.</param>
    /// <param name="items">What can be locked and wiped.</param>
    public LockWipeObject(ObjectDefinition? definition, params IEnumerable<string> items)
    {
        _items = Resource.Multiple(items.Select(item => (Lwm2mValue)item));
        Instance = new ObjectInstance(definition, 0)
        {
            [0] = Resource.ReadWrite(() => _state, SetState),
            [1] = Resource.ReadWriteMultiple(static () => null, targets => _lockTargets = Texts(targets)),
            [2] = _items,
            [3] = Resource.Execute((_, _) => DoWipe()),
            [4] = Resource.ReadWriteMultiple(static () => null, targets => _wipeTargets = Texts(targets)),
            [5] = 0,
        };
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>How far the device is locked: 0 not at all, 1 in part, 2 wholly.</summary>
    public int State => _state;

    /// <summary>Locks to a degree (0 to 2) what is named; whether it could. Null: it always can.</summary>
    public Func<int, IReadOnlyList<string>, bool>? Lock { get; set; }

    /// <summary>Wipes what is named; whether it could. Null: it always can. What is wiped goes from the list of items.</summary>
    public Func<IReadOnlyList<string>, bool>? Wipe { get; set; }

    private void SetState(Lwm2mValue value)
    {
        var state = (int)value.AsInteger();
        var isDone = Lock?.Invoke(state, _lockTargets) ?? true;
        _state = isDone ? state : _state;
        var success = state == 0 ? 3 : state;
        Instance.Set(5, isDone ? success : success + Failed);
    }

    private Task DoWipe()
    {
        var targets = _wipeTargets;
        var isDone = Wipe?.Invoke(targets) ?? true;
        if (isDone)
        {
            var rest = (_items.Current ?? new Dictionary<int, Lwm2mValue>()).Where(item => !targets.Contains(item.Value.AsString()));
            _items.Current = rest.ToDictionary();
        }
        Instance.Set(5, isDone ? 4 : 4 + Failed);
        return Task.CompletedTask;
    }

    private static string[] Texts(IReadOnlyDictionary<int, Lwm2mValue> values) => [.. values.Values.Select(v => v.AsString())];
}
