using System.Buffers;
using BenchmarkDotNet.Attributes;
using Starling.Lwm2m;

namespace Starling.Benchmarks;

/// <summary>The Device instance of the standard's examples (LwM2M Core 1.2 §7.4.4): thirteen resources, three of them with two instances, with its object's types, as a server reads it and a device writes it.</summary>
public class DeviceInstanceBenchmarks
{
    private readonly ArrayBufferWriter<byte> _output = new(4096);
    private readonly CodecScope _scope = new(new Lwm2mPath(3, 0), new CatalogView(ObjectCatalog.Standard));
    private readonly RecordSet _records = Device();
    private ContentCodec _codec = null!;
    private byte[] _bytes = [];

    /// <summary>SenML CBOR and LwM2M CBOR.</summary>
    [Params(112, 11544)]
    public int Format { get; set; }

    /// <summary>Makes the payload.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _codec = ContentCodecs.All.Single(c => c.Format.Value == Format);
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

    /// <summary>Bytes to records in a set of their own.</summary>
    [Benchmark]
    public RecordSet Decode()
    {
        var decoded = new RecordSet();
        return _codec.Decode(_scope, _bytes, decoded).IsNone ? decoded : throw new InvalidOperationException("The payload cannot be read.");
    }

    private static RecordSet Device()
    {
        var device = new Lwm2mPath(3, 0);
        var set = new RecordSet();
        set.Add(device.Append(0), "Open Mobile Alliance");
        set.Add(device.Append(1), "Lightweight M2M Client");
        set.Add(device.Append(2), "345000123");
        set.Add(device.Append(3), "1.0");
        set.Add(device.Append(6).Append(0), 1);
        set.Add(device.Append(6).Append(1), 5);
        set.Add(device.Append(7).Append(0), 3800);
        set.Add(device.Append(7).Append(1), 5000);
        set.Add(device.Append(8).Append(0), 125);
        set.Add(device.Append(8).Append(1), 900);
        set.Add(device.Append(9), 100);
        set.Add(device.Append(10), 15);
        set.Add(device.Append(11).Append(0), 0);
        set.Add(device.Append(13), Lwm2mValue.Time(DateTimeOffset.FromUnixTimeSeconds(0x5182428f)));
        set.Add(device.Append(14), "+02:00");
        set.Add(device.Append(16), "U");
        return set;
    }
}
