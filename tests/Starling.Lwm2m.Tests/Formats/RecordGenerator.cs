using System.Text;

namespace Starling.Lwm2m.Tests;

/// <summary>Makes operations' records of every shape: one generator for every format, so that all are held to the same.</summary>
internal sealed class RecordGenerator(int seed)
{
    private static readonly string[] _roots = ["", "", "/lwm2m", "/a b/\"q\""];
    private readonly Random _random = new(seed);

    /// <summary>A base path of any depth with records in ascending order at or below it.</summary>
    public (CodecScope Scope, Lwm2mRecord[] Records) Next()
    {
        var path = Lwm2mPath.Root;
        var depth = _random.Next(5);
        var type = Type();
        var isMultiple = depth == 4 || _random.Next(2) == 0;
        path = depth >= 1 ? path.Append(FormatCatalog.EveryType) : path;
        path = depth >= 2 ? path.Append(Id()) : path;
        path = depth >= 3 ? path.Append((int)type + (isMultiple ? 100 : 0)) : path;
        path = depth >= 4 ? path.Append(Id()) : path;
        var scope = new CodecScope(path, FormatCatalog.View, _roots[_random.Next(_roots.Length)], Codec.Now, OmitInstance: depth == 1 && _random.Next(4) == 0);
        var time = _random.Next(6) == 0 ? Codec.Now.AddTicks(_random.NextInt64(-10_000_000_000, 10_000_000_000) * 10) : (DateTimeOffset?)null;
        return (scope, [.. Below(path, scope.OmitInstance).Select(r => r with { Time = time })]);
    }

    private IEnumerable<Lwm2mRecord> Below(Lwm2mPath path, bool omitInstance)
    {
        if (path.Depth is > 0 and < 4 && _random.Next(12) == 0)
        {
            return path.Depth < 3 || path.ResourceId >= 100 ? [new(path, Lwm2mValue.Empty)] : [];
        }
        return path.Depth switch
        {
            0 => Below(path.Append(FormatCatalog.EveryType), false),
            1 => (omitInstance ? [0] : Ids(3)).SelectMany(id => Below(path.Append(id), false)),
            2 => Resources().SelectMany(id => Below(path.Append(id), false)),
            3 when path.ResourceId >= 100 => Ids(4).Select(id => new Lwm2mRecord(path.Append(id), Value((ValueKind)(path.ResourceId - 100)))),
            3 => [new(path, Value((ValueKind)path.ResourceId))],
            _ => [new(path, Value((ValueKind)(path.ResourceId - 100)))],
        };
    }

    private IEnumerable<int> Resources() => Enumerable.Range(0, _random.Next(1, 9)).Select(_ => (int)Type() + (_random.Next(3) == 0 ? 100 : 0)).Distinct().Order();

    private IEnumerable<int> Ids(int most) => Enumerable.Range(0, _random.Next(1, most + 1)).Select(_ => Id()).Distinct().Order();

    private int Id() => _random.Next(4) == 0 ? _random.Next(Lwm2mPath.MaxId + 1) : _random.Next(4);

    private ValueKind Type() => FormatCatalog.Types[_random.Next(FormatCatalog.Types.Length)];

    private Lwm2mValue Value(ValueKind type) => type switch
    {
        ValueKind.String => Text(),
        ValueKind.Integer => Whole(),
        ValueKind.Unsigned => Lwm2mValue.Unsigned((ulong)Whole()),
        ValueKind.Float => Number(),
        ValueKind.Boolean => _random.Next(2) == 0,
        ValueKind.Opaque => Bytes(),
        ValueKind.Time => Lwm2mValue.Time(Whole()),
        ValueKind.ObjectLink => Lwm2mValue.ObjectLink(new ObjectLink((ushort)Whole(), (ushort)Whole())),
        _ => Lwm2mValue.CoreLink(Text()),
    };

    // All magnitudes, with the edges of every width.
    private long Whole()
    {
        var value = _random.NextInt64(long.MinValue, long.MaxValue) >> _random.Next(64);
        return _random.Next(4) == 0 ? new[] { 0, -1, 127, 128, -128, -129, 32767, 32768, int.MaxValue, int.MaxValue + 1L, long.MaxValue, long.MinValue }[_random.Next(12)] : value;
    }

    private double Number() => _random.Next(6) switch
    {
        0 => Whole(),
        1 => _random.Next(-1000, 1000) / 4.0,
        2 => (float)((_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-30, 30))),
        3 => new[] { 0.0, -0.0, double.Epsilon, double.MaxValue, double.NaN, double.NegativeInfinity, 1e15, 1e16, 1e-5 }[_random.Next(9)],
        _ => (_random.NextDouble() - 0.5) * Math.Pow(10, _random.Next(-300, 300)),
    };

    private string Text()
    {
        var text = new StringBuilder();
        for (var left = _random.Next(_random.Next(10) == 0 ? 400 : 20); left > 0; left--)
        {
            var rune = _random.Next(10) switch { 0 => _random.Next(0xd800), 1 => _random.Next(0x10000, 0x110000), 2 => _random.Next(0x20), _ => _random.Next(0x20, 0x7f) };
            text.Append(new Rune(rune));
        }
        return text.ToString();
    }

    private byte[] Bytes()
    {
        var bytes = new byte[_random.Next(_random.Next(20) == 0 ? 70_000 : 20)];
        _random.NextBytes(bytes);
        return bytes;
    }
}
