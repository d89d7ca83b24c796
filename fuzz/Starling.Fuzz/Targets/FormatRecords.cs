using Starling.Lwm2m;

namespace Starling.Fuzz.Targets;

/// <summary>What the format targets decode: an object with a resource of every type (resource n has type n, 100 + n is the same as multiple), and paths of every depth.</summary>
internal static class FormatRecords
{
    private const int EveryType = 42769;

    private static readonly ValueKind[] _types =
    [
        ValueKind.String, ValueKind.Integer, ValueKind.Unsigned, ValueKind.Float, ValueKind.Boolean,
        ValueKind.Opaque, ValueKind.Time, ValueKind.ObjectLink, ValueKind.CoreLink,
    ];

    private static readonly CatalogView _view = new(new ObjectCatalog(
    [
        new ObjectDefinition(
            EveryType, "Every type", ObjectVersion.V10,
            _types.SelectMany(t => new[] { new ResourceDefinition { Id = (int)t, Name = $"{t}", Type = t }, new ResourceDefinition { Id = 100 + (int)t, Name = $"{t}s", Type = t, IsMultiple = true } })),
    ]));

    private static readonly CodecScope[] _scopes =
    [
        .. new[] { "/", "/42769", "/42769/0", "/42769/0/104", "/42769/0/104/1", "/1" }.Concat(_types.Select(t => $"/42769/0/{(int)t}"))
            .Select(path => new CodecScope(Lwm2mPath.Parse(path), _view, "", new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero))),
        new CodecScope(Lwm2mPath.Parse("/42769/0"), _view, "/lwm2m"),
    ];

    /// <summary>The scope that an input's first byte names.</summary>
    public static CodecScope ScopeOf(byte first) => _scopes[first % _scopes.Length];

    /// <summary>The byte that names a scope.</summary>
    public static byte FirstOf(string path) => (byte)Array.FindIndex(_scopes, s => s.BasePath == Lwm2mPath.Parse(path));

    /// <summary>Some records at or below a scope's path, in ascending order.</summary>
    public static Lwm2mRecord[] Make(Random random, out byte first)
    {
        first = (byte)random.Next(_scopes.Length);
        var path = _scopes[first].BasePath;
        var records = new List<Lwm2mRecord>();
        for (var left = random.Next(8); left >= 0; left--)
        {
            var (below, type) = Below(path, random);
            records.Add(new Lwm2mRecord(below, random.Next(20) == 0 && below.Depth == 3 ? Lwm2mValue.Empty : Value(type, random)));
        }
        return [.. records.DistinctBy(r => r.Path).OrderBy(r => r.Path)];
    }

    private static (Lwm2mPath Path, ValueKind Type) Below(Lwm2mPath path, Random random)
    {
        path = path.IsRoot ? path.Append(EveryType) : path;
        path = path.IsObject ? path.Append(random.Next(3)) : path;
        path = path.IsInstance ? path.Append((int)_types[random.Next(_types.Length)] + (random.Next(3) == 0 ? 100 : 0)) : path;
        path = path.IsResource && path.ResourceId >= 100 ? path.Append(random.Next(3) * 300) : path;
        return (path, (ValueKind)(path.ResourceId % 100));
    }

    private static Lwm2mValue Value(ValueKind type, Random random) => type switch
    {
        ValueKind.String => "text \"" + random.Next(),
        ValueKind.Integer => random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64),
        ValueKind.Unsigned => Lwm2mValue.Unsigned((ulong)random.NextInt64() << random.Next(2)),
        ValueKind.Float => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)),
        ValueKind.Boolean => random.Next(2) == 0,
        ValueKind.Opaque => BitConverter.GetBytes(random.NextInt64()),
        ValueKind.Time => Lwm2mValue.Time(random.Next()),
        ValueKind.ObjectLink => Lwm2mValue.ObjectLink(new ObjectLink((ushort)random.Next(65536), (ushort)random.Next(65536))),
        _ => Lwm2mValue.CoreLink($"</{random.Next(65535)}>"),
    };
}
