using System.Buffers;
using System.Globalization;
using System.Text;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Client;

/// <summary>
/// One instance of the object Event Log (20): while a server has it running, what the device writes is kept, the newest within a limit, and read as one
/// piece in the format that the server chose (4015): lines of text, or a list in TLV, JSON or LwM2M CBOR.
/// </summary>
public sealed class EventLogObject
{
    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();
    private readonly TimeProvider _time;
    private readonly int _maxCharacters;
    private int _characters;
    private bool _isRunning;
    private long _dropped;

    /// <summary>Makes a log that is stopped and empty.</summary>
    /// <param name="definition">The definition of object 20.</param>
    /// <param name="instanceId">The instance's number.</param>
    /// <param name="time">The clock of the entries.</param>
    /// <param name="maxCharacters">How much text is kept: 16 384 characters. The oldest entries go first.</param>
    public EventLogObject(ObjectDefinition? definition, int instanceId, TimeProvider time, int maxCharacters = 16_384)
    {
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _maxCharacters = maxCharacters;
        Instance = new ObjectInstance(definition, instanceId)
        {
            [4010] = 0,
            [4011] = Resource.Execute((arguments, _) => StartAsync(arguments)),
            [4012] = Resource.Execute((_, _) => StopAsync()),
            [4013] = Resource.Read(Status),
            [4014] = Resource.Read(() => Lwm2mValue.Opaque(Encoded())),
            [4015] = new ValueResource(0) { Refuse = static value => value is { Kind: ValueKind.Integer } && !IsKnown((int)value.AsInteger()) ? $"{value} is not spoken" : null },
        };
    }

    /// <summary>What to give to the client.</summary>
    public ObjectInstance Instance { get; }

    /// <summary>How many entries were dropped because of the limit.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Adds an entry while the log runs and the server wants its class; observers are told.</summary>
    /// <param name="logClass">1 system, 2 security, 3 event, 4 trace, 5 panic, 6 charging; above 99 the device's own.</param>
    /// <param name="text">One line.</param>
    public void Write(int logClass, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var wanted = Instance.Get(4010).AsInteger();
        lock (_lock)
        {
            if (!_isRunning || (wanted != 0 && wanted != logClass))
            {
                return;
            }
            var when = _time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            Keep($"{when} {logClass.ToString(CultureInfo.InvariantCulture)} {text}");
        }
        Instance.Changed(4014);
    }

    private void Keep(string line)
    {
        _lines.Enqueue(line);
        _characters += line.Length;
        while (_characters > _maxCharacters)
        {
            _characters -= _lines.Dequeue().Length;
            _dropped++;
        }
    }

    // Without an argument what was collected before goes; with 0='1' it stays.
    private Task StartAsync(string? arguments)
    {
        if (!ExecuteArguments.TryParse(arguments, out var list))
        {
            throw new Lwm2mException(CoapCode.BadRequest, $"'{arguments}' are no arguments");
        }
        lock (_lock)
        {
            _isRunning = true;
            if (!list.Any(a => a is { Key: 0, Value: "1" }))
            {
                _lines.Clear();
                _characters = 0;
            }
        }
        return ToldAsync();
    }

    private Task StopAsync()
    {
        lock (_lock)
        {
            _isRunning = false;
        }
        return ToldAsync();
    }

    private Task ToldAsync()
    {
        Instance.Changed(4013);
        Instance.Changed(4014);
        return Task.CompletedTask;
    }

    // Bit 0: stopped. Bit 1: there are entries.
    private Lwm2mValue Status()
    {
        lock (_lock)
        {
            return (_isRunning ? 0 : 1) | (_lines.Count > 0 ? 2 : 0);
        }
    }

    private ReadOnlyMemory<byte> Encoded()
    {
        string[] lines;
        lock (_lock)
        {
            lines = [.. _lines];
        }
        if (lines is [])
        {
            return default;   // not every format can say that a list is empty
        }
        if (CodecOf((int)Instance.Get(4015).AsInteger()) is not { } codec)
        {
            return Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
        }
        var path = Instance.Path.Append(4014);
        Lwm2mRecord[] records = [.. lines.Select((line, number) => new Lwm2mRecord(path.Append(number), line))];
        var output = new ArrayBufferWriter<byte>();
        codec.Encode(new CodecScope(Instance.Path, new CatalogView(ObjectCatalog.Empty)), records, output);
        return output.WrittenMemory;
    }

    private static bool IsKnown(int format) => format == 0 || CodecOf(format) is not null;

    private static ContentCodec? CodecOf(int format) => format switch
    {
        1 => ContentCodecs.Find(ContentFormat.Tlv),
        2 => ContentCodecs.Find(new ContentFormat(11543)),   // OMA LwM2M JSON
        3 => ContentCodecs.Find(ContentFormat.Lwm2mCbor),
        _ => null,
    };
}
