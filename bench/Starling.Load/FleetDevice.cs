using System.Net;
using System.Net.Sockets;
using System.Text;
using Starling.Coap;
using Starling.Dtls;

namespace Starling.Load;

/// <summary>One device of a <see cref="Fleet"/>: a handshake, a Register, an answer. Its session is the engine's, its CoAP four messages by hand.</summary>
internal sealed class FleetDevice : IDtlsOutput, IDisposable
{
    private const int Tries = 8;
    private const ushort RegisterId = 1;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    // [{0: "/3303/0/5700", 2: 21.5}] (RFC 8428 §6)
    private static readonly byte[] _measurement = [0x81, 0xa2, 0x00, 0x6c, .. "/3303/0/5700"u8, 0x02, 0xf9, 0x4d, 0x60];

    private readonly int _number;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly byte[] _datagram = new byte[2048];
    private readonly byte[] _message = new byte[512];
    private DtlsConnection? _connection;
    private bool _isRegistered;
    private bool _isObserved;

    /// <summary>Takes the device's address: <c>127.1.0.0</c> and on, so that each session has its own.</summary>
    public FleetDevice(int number, IPEndPoint server)
    {
        _number = number;
        _socket.Bind(new IPEndPoint(new IPAddress([127, (byte)(1 + (number >> 16)), (byte)(number >> 8), (byte)number]), 0));
        _socket.Connect(server);
    }

    /// <summary>Lives as far as it has to; false when the server lets it down.</summary>
    public async Task<bool> LiveAsync(DtlsSettings settings, byte[] key, bool isObserved, CancellationToken cancel)
    {
        var own = new DtlsOwnKeys { PreSharedKey = new DtlsOwnKeys.ClientKey(Encoding.UTF8.GetBytes($"fleet-{_number:000000}"), key) };
        _connection = DtlsConnection.Connect(settings, new DtlsTarget(own), default, Now, this);
        for (var left = Tries; left > 0 && _connection.Status != DtlsStatus.Closed;)
        {
            if (_isRegistered && (_isObserved || !isObserved))
            {
                return true;
            }
            using var patience = new CancellationTokenSource(_patience, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
            try
            {
                Take(_datagram.AsSpan(0, await _socket.ReceiveAsync(_datagram, SocketFlags.None, either.Token)));
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                left--;
                Repeat();
            }
        }
        return false;
    }

    public void Emit(ReadOnlySpan<byte> datagram, PathId path) => _socket.Send(datagram);

    public void Dispose()
    {
        _connection?.Dispose();   // and says nothing: the session stays at the server
        _socket.Dispose();
    }

    private static long Now => TimeProvider.System.GetTimestamp() / (TimeProvider.System.TimestampFrequency / 1000);

    private void Take(Span<byte> datagram)
    {
        while (!datagram.IsEmpty)
        {
            var taken = _connection!.Receive(datagram, default, Now, this, out var received);
            if (received.Has(DtlsChanges.Established))
            {
                Register();
            }
            if (received.Has(DtlsChanges.Application))
            {
                Answer(datagram.Slice(received.Offset, received.Length));
            }
            datagram = datagram[taken..];
        }
    }

    private void Repeat()
    {
        if (_connection!.Status != DtlsStatus.Established)
        {
            _connection.Expire(Now, this);
        }
        else if (!_isRegistered)
        {
            Register();
        }
    }

    // LwM2M Core 1.2 §6.2.1
    private void Register()
    {
        var options = new CoapOptionsBuilder();
        options.Add(OptionNumber.UriPath, "rd");
        options.Add(OptionNumber.ContentFormat, (uint)ContentFormat.LinkFormat.Value);
        options.Add(OptionNumber.UriQuery, $"ep=fleet-{_number:000000}");
        options.Add(OptionNumber.UriQuery, "lt=86400");
        options.Add(OptionNumber.UriQuery, "lwm2m=1.1");
        options.Add(OptionNumber.UriQuery, "b=U");
        Send(MessageType.Confirmable, RegisterId, default, new CoapMessage { Code = CoapCode.Post, Options = options.Build(), Payload = "</1/0>,</3/0>,</3303/0>"u8.ToArray() });
    }

    private void Answer(ReadOnlySpan<byte> bytes)
    {
        if (CoapDatagram.Parse(bytes, out var datagram) != ParseError.None)
        {
            return;
        }
        if (datagram is { Type: MessageType.Acknowledgement, MessageId: RegisterId })
        {
            _isRegistered = datagram.Code == CoapCode.Created;
        }
        else if (datagram.Code == CoapCode.Get)
        {
            var options = new CoapOptionsBuilder();
            options.Add(OptionNumber.Observe, 1u);
            options.Add(OptionNumber.ContentFormat, (uint)ContentFormat.SenmlCbor.Value);
            Send(MessageType.Acknowledgement, datagram.MessageId, datagram.Token, new CoapMessage { Code = CoapCode.Content, Options = options.Build(), Payload = _measurement });
            _isObserved = true;
        }
    }

    private void Send(MessageType type, ushort id, in CoapToken token, CoapMessage message) =>
        _connection!.Send(_message.AsSpan(0, CoapWriter.Write(_message, type, id, token, message)), this);
}
