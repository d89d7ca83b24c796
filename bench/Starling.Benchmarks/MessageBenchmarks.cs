using BenchmarkDotNet.Attributes;
using Starling.Coap;

namespace Starling.Benchmarks;

/// <summary>A Register request, from bytes and to bytes.</summary>
public class MessageBenchmarks
{
    private readonly byte[] _buffer = new byte[512];
    private readonly CoapToken _token = new(0x0102030405060708, 8);
    private byte[] _datagram = [];
    private CoapMessage _message = null!;

    /// <summary>Makes the datagram.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _message = new CoapMessage { Code = CoapCode.Post, Options = BuildOptions(), Payload = "</1/0>,</3/0>,</3303/0>"u8.ToArray() };
        _datagram = _buffer[..CoapWriter.Write(_buffer, MessageType.Confirmable, 1, _token, _message)];
    }

    /// <summary>Taking it apart, without copying anything.</summary>
    [Benchmark]
    public ParseError Parse() => CoapDatagram.Parse(_datagram, out _);

    /// <summary>Taking it apart and copying what outlives the receive buffer.</summary>
    [Benchmark]
    public CoapMessage ParseAndCopy()
    {
        CoapDatagram.Parse(_datagram, out var datagram);
        return datagram.ToMessage();
    }

    /// <summary>Three options by their names.</summary>
    [Benchmark]
    public int ReadOptions() =>
        (_message.Options.ContentFormat?.Value ?? 0) + (_message.Options.Observe is null ? 1 : 0) + (_message.Options.Has(OptionNumber.UriQuery) ? 1 : 0);

    /// <summary>The options of a Register.</summary>
    [Benchmark]
    public CoapOptions BuildOptions()
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.UriPath, "rd");
        options.Add(OptionNumber.ContentFormat, 40);
        options.Add(OptionNumber.UriQuery, "ep=device-000001");
        options.Add(OptionNumber.UriQuery, "lt=300");
        options.Add(OptionNumber.UriQuery, "lwm2m=1.1");
        options.Add(OptionNumber.UriQuery, "b=U");
        return options.Build();
    }

    /// <summary>Writing the whole datagram.</summary>
    [Benchmark]
    public int Write() => CoapWriter.Write(_buffer, MessageType.Confirmable, 1, _token, _message);
}
