using System.Buffers.Binary;
using System.Collections.Concurrent;
using Starling.Coap;

namespace Starling.Testing;

/// <summary>
/// A raw CoAP peer that follows a script, so that a test reads like a ladder of an RFC:
/// <code>
/// await device.ExpectAsync("CON [$m] GET /3/0/9 T=$t Accept:0");
/// device.Send("ACK [$m] 2.05 T=$t Content-Format:0 \"100\"");
/// </code>
/// A line is: type, message id in brackets, code (none: empty message), then in any order <c>/path?query</c>, <c>T=hex</c> (token),
/// <c>Option:value</c> (blocks as <c>number/more/size</c>, opaque ones in hexadecimal digits), <c>"text"</c> or <c>x'hex'</c> (payload),
/// <c>len=N</c> (a payload of that length). <c>$name</c> takes a message id, a token or an option's value in what is expected and gives it in what
/// is sent; a name that has been taken must come again. Options and payload must be exactly those of the line, unless it ends with <c>...</c>.
/// Where the line says no token, none is compared and the empty one is sent.
/// </summary>
public sealed class Lockstep : IDatagramSink
{
    private readonly SimNetwork _network;
    private readonly SimChannel _host;
    private readonly string _other;
    private readonly ConcurrentQueue<byte[]> _inbox = new();
    private readonly Dictionary<string, byte[]> _names = new(StringComparer.Ordinal);

    internal Lockstep(SimNetwork network, SimChannel host, string other)
    {
        _network = network;
        _host = host;
        _other = other;
        _ = host.StartAsync(this, CancellationToken.None);
    }

    /// <summary>Its place on the network.</summary>
    public SimChannel Host => _host;

    /// <summary>How many datagrams have arrived that no line has asked for yet.</summary>
    public int Waiting => _inbox.Count;

    /// <summary>What a name has taken, as bytes: two for a message id.</summary>
    public byte[] this[string name]
    {
        get => _names.TryGetValue(name, out var value) ? value : throw new ScriptException($"Nothing was taken as ${name} yet.");
        set => _names[name] = value;
    }

    /// <summary>Sends a line.</summary>
    public void Send(string line) => Send(Encode(ScriptMessage.Parse(line)));

    /// <summary>Sends bytes as they are.</summary>
    public void Send(ReadOnlySpan<byte> datagram) => _host.Send(_host.PeerAt(_other), datagram);

    /// <summary>Waits for the next datagram and compares it with the line.</summary>
    /// <param name="line">What must come.</param>
    /// <param name="within">How long to wait, in simulated time: 300 s.</param>
    /// <returns>The message that came.</returns>
    /// <exception cref="ScriptException">Something else came, or nothing.</exception>
    public async Task<CoapMessage> ExpectAsync(string line, TimeSpan? within = null)
    {
        var expected = ScriptMessage.Parse(line);
        var datagram = await NextAsync(within, line);
        return Compare(expected, datagram) is { } difference
            ? throw new ScriptException($"{difference}\nexpected {line}\ncame     {LadderText.Describe(datagram)}\nseed {_network.Seed}\n{_network.Ladder()}")
            : Decode(datagram);
    }

    /// <summary>Waits for the next datagram, whatever it is.</summary>
    public async Task<byte[]> NextAsync(TimeSpan? within = null, string what = "a datagram")
    {
        await _network.UntilAsync(() => !_inbox.IsEmpty, within, what);
        return _inbox.TryDequeue(out var datagram) ? datagram : throw new ScriptException("Two readers wait on one script.");
    }

    /// <summary>Runs for a span of simulated time in which nothing may come.</summary>
    public async Task ExpectNothingAsync(TimeSpan during)
    {
        await _network.RunAsync(during);
        if (_inbox.TryPeek(out var datagram))
        {
            throw new ScriptException($"Nothing should have come, and this did: {LadderText.Describe(datagram)}\nseed {_network.Seed}\n{_network.Ladder()}");
        }
    }

    void IDatagramSink.OnDatagram(Peer peer, Span<byte> datagram) => _inbox.Enqueue(datagram.ToArray());

    void IDatagramSink.OnPeerMoved(Peer peer, PeerAddress from) { }

    void IDatagramSink.OnPeerLost(Peer peer, PeerLoss loss) { }

    private byte[] Encode(ScriptMessage line)
    {
        var builder = new CoapOptionsBuilder();
        foreach (var option in line.Options)
        {
            builder.Add(option.Number, option.Variable is { } name ? this[name] : option.Value);
        }
        var payload = line.Payload ?? new byte[line.PayloadLength ?? 0];
        var message = new CoapMessage { Code = line.Code, Options = builder.Build(), Payload = payload };
        var token = CoapToken.From(Resolve(line.Token ?? ""));
        var bytes = new byte[CoapWriter.SizeOf(message, token) + CoapToken.MaxLength];
        var id = BinaryPrimitives.ReadUInt16BigEndian(Resolve(line.MessageId));
        return bytes[..CoapWriter.Write(bytes, line.Type, id, token, message)];
    }

    private byte[] Resolve(string text) => text.StartsWith('$') ? this[text[1..]] : Convert.FromHexString(text);

    private string? Compare(ScriptMessage line, byte[] bytes)
    {
        var error = CoapDatagram.Parse(bytes, out var came, int.MaxValue);
        if (error != ParseError.None)
        {
            return $"Not a CoAP message: {error}.";
        }
        if (came.Type != line.Type || came.Code != line.Code)
        {
            return "Another type or code.";
        }
        var id = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(id, came.MessageId);
        if (!Agrees(line.MessageId, id))
        {
            return "Another message id.";
        }
        if (line.Token is { } token && !Agrees(token, Convert.FromHexString(came.Token.ToString())))
        {
            return "Another token.";
        }
        return CompareOptions(line, came.ToMessage().Options) ?? ComparePayload(line, came.Payload);
    }

    private string? CompareOptions(ScriptMessage line, CoapOptions came)
    {
        var open = line.Options.ToList();
        foreach (var option in came)
        {
            var number = option.Number;
            var value = option.Value.ToArray();
            var at = open.FindIndex(o => o.Number == number);
            if (at >= 0 && (open[at].Variable is { } name ? Takes(name, value) : open[at].Value.AsSpan().SequenceEqual(value)))
            {
                open.RemoveAt(at);
            }
            else if (at >= 0 || !line.IsOpen)
            {
                return $"Not expected: {OptionText.Describe(number, value)}.";
            }
        }
        return open.Count == 0 ? null : $"Missing: {OptionText.Describe(open[0].Number, open[0].Value)}.";
    }

    private static string? ComparePayload(ScriptMessage line, ReadOnlySpan<byte> came)
    {
        if (line.PayloadLength is { } length)
        {
            return came.Length == length ? null : $"A payload of {came.Length} bytes.";
        }
        return came.SequenceEqual(line.Payload) || (line.IsOpen && line.Payload is null)
            ? null
            : $"Another payload: x'{Convert.ToHexStringLower(came)}'.";
    }

    private bool Agrees(string expected, byte[] came) =>
        expected.StartsWith('$') ? Takes(expected[1..], came) : Convert.FromHexString(expected).AsSpan().SequenceEqual(came);

    private bool Takes(string name, byte[] value)
    {
        if (name == "_")
        {
            return true;
        }
        return _names.TryAdd(name, value) || _names[name].AsSpan().SequenceEqual(value);
    }

    private static CoapMessage Decode(byte[] bytes)
    {
        CoapDatagram.Parse(bytes, out var datagram, int.MaxValue);
        return datagram.ToMessage();
    }
}
