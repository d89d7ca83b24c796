using System.Buffers;
using BenchmarkDotNet.Attributes;
using Starling.Lwm2m;

namespace Starling.Benchmarks;

/// <summary>One notification and one object instance in every format that can say them.</summary>
public class CodecBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly RecordSet _decoded = new();
    private CodecScope _scope;
    private RecordSet _records = null!;
    private byte[] _bytes = [];
    private ContentCodec _codec = null!;

    /// <summary>The formats that carry more than one value.</summary>
    public static IEnumerable<int> Formats => ContentCodecs.All.Where(c => !c.IsSingleValue).Select(c => (int)c.Format.Value);

    /// <summary>The format's number.</summary>
    [ParamsSource(nameof(Formats))]
    public int Format { get; set; }

    /// <summary>1: a temperature; 16: a Device instance.</summary>
    [Params(1, 16)]
    public int Records { get; set; }

    /// <summary>Makes the payload.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _codec = ContentCodecs.All.Single(c => c.Format.Value == Format);
        _scope = new CodecScope(Lwm2mPath.Parse("/3/0"), CatalogView.Empty);
        _records = [];
        for (var i = 0; i < Records; i++)
        {
            _records.Add(Lwm2mPath.Parse($"/3/0/{i}"), i % 4 == 3 ? Lwm2mValue.String("Starling") : i % 2 == 0 ? Lwm2mValue.Float(21.5 + i) : Lwm2mValue.Integer(i * 1000));
        }
        _codec.Encode(_scope, _records.AsSpan(), _output);
        _bytes = _output.WrittenSpan.ToArray();
    }

    /// <summary>Records to bytes.</summary>
    [Benchmark]
    public int Encode()
    {
        _output.ResetWrittenCount();
        _codec.Encode(_scope, _records.AsSpan(), _output);
        return _output.WrittenCount;
    }

    /// <summary>Bytes to records.</summary>
    [Benchmark]
    public CodecError Decode()
    {
        _decoded.Clear();
        return _codec.Decode(_scope, _bytes, _decoded);
    }
}
