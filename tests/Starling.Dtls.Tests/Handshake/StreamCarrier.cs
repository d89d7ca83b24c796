using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Starling.Dtls.Tests;

/// <summary>TLS 1.2 records on a stream in memory (RFC 5246 §6.2) as a handshake's carrier: no numbers, no fragments, no resends.</summary>
internal sealed class StreamCarrier : HandshakeCarrier
{
    private const int HeaderSize = 5;
    private const ushort Version = 0x0303;
    private readonly List<byte> _unread = [];
    private readonly List<byte> _messages = [];
    private SessionKeys? _keys;
    private bool _isWriteProtected;
    private bool _isReadProtected;
    private ulong _written;
    private ulong _read;

    public override Dialect Dialect => Dialect.Stream;

    /// <summary>The other end.</summary>
    public StreamCarrier Peer { get; set; } = null!;

    public Handshake Handshake { get; set; } = null!;

    /// <summary>All that went out, as it went.</summary>
    public List<byte> Sent { get; } = [];

    public override void Send(HandshakeType type, ReadOnlySpan<byte> body, Transcript transcript)
    {
        byte[] framed = [(byte)type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
        transcript.Append(framed);
        WriteRecord(22, framed);
    }

    public override void InstallKeys(SessionKeys keys, HandshakeTerms terms) => _keys = keys;

    public override void ChangeCipherSpec()
    {
        WriteRecord(20, [1]);
        (_isWriteProtected, _written) = (true, 0);
    }

    public override void EndFlight(bool isLast)
    {
    }

    public void SendData(byte[] data) => WriteRecord(23, data);

    /// <summary>Reads the records that came; returns application data.</summary>
    public byte[] Pump()
    {
        var data = new List<byte>();
        while (_unread.Count >= HeaderSize && !Handshake.IsOurTurn)
        {
            var record = _unread.ToArray();
            var length = HeaderSize + BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(3));
            _unread.RemoveRange(0, length);
            var content = Open(record.AsSpan(0, length));
            switch (record[0])
            {
                case 20:
                    (_isReadProtected, _read) = (true, 0);
                    break;
                case 22:
                    TakeMessages(content);
                    break;
                case 23 when Handshake.IsDone:
                    data.AddRange(content);
                    break;
            }
        }
        return [.. data];
    }

    private void TakeMessages(byte[] content)
    {
        _messages.AddRange(content);
        while (_messages.Count >= 4 && 4 + ((_messages[1] << 16) | (_messages[2] << 8) | _messages[3]) is var length && length <= _messages.Count)
        {
            var message = _messages[..length].ToArray();
            _messages.RemoveRange(0, length);
            Handshake.Receive(new HandshakeMessage { Type = (HandshakeType)message[0], Header = message.AsSpan(0, 4), Body = message.AsSpan(4), IsProtected = _isReadProtected });
        }
    }

    private void WriteRecord(byte type, byte[] content)
    {
        Span<byte> header = stackalloc byte[11];
        var sequence = header[..8];
        BinaryPrimitives.WriteUInt64BigEndian(sequence, _written++);
        header[8] = type;
        BinaryPrimitives.WriteUInt16BigEndian(header[9..], Version);
        var fragment = content;
        if (_isWriteProtected)
        {
            fragment = new byte[_keys!.Cipher.SealedSize(content.Length)];
            _keys.Cipher.Seal(_keys.Write, header, sequence, content, fragment, RandomNumberGenerator.Create());
        }
        byte[] record = [type, 3, 3, (byte)(fragment.Length >> 8), (byte)fragment.Length, .. fragment];
        Sent.AddRange(record);
        Peer._unread.AddRange(record);
    }

    private byte[] Open(Span<byte> record)
    {
        var fragment = record[HeaderSize..];
        if (!_isReadProtected)
        {
            return fragment.ToArray();
        }
        Span<byte> header = stackalloc byte[11];
        BinaryPrimitives.WriteUInt64BigEndian(header, _read++);
        record[..3].CopyTo(header[8..]);
        Assert.True(_keys!.Cipher.TryOpen(_keys.Read, header, fragment, out var plaintext));
        return fragment[plaintext].ToArray();
    }
}
