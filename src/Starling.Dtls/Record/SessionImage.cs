using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Starling.Dtls;

/// <summary>
/// An established session in bytes. They are secrets; whoever keeps them encrypts them.
/// <code>
/// version(1) flags(1) suite(2) mark(4) newest_read(8) next_write(8) max_out(2) max_in(2)
/// own_id&lt;0..255&gt; peer_id&lt;0..255&gt; read_keys&lt;0..255&gt; write_keys&lt;0..255&gt; identity&lt;0..2^16-1&gt; server_name&lt;0..2^16-1&gt;
/// </code>
/// </summary>
internal static class SessionImage
{
    private const byte Version = 1;
    private const byte Extended = 1;
    private const byte EncryptThenMac = 2;
    private const byte Resumed = 4;
    private const byte Routability = 8;
    private const byte HasIds = 16;
    private const byte Client = 32;
    private const int HeadSize = 28;
    private const int Lengths = 8;

    /// <summary>Writes a session.</summary>
    public static void Write(IBufferWriter<byte> output, SessionRecords records, uint mark, bool isClient)
    {
        var (terms, read, write) = (records.Terms, records.Read!, records.Write!);
        var name = terms.ServerName is null ? [] : Encoding.UTF8.GetBytes(terms.ServerName);
        var size = HeadSize + Lengths + read.ConnectionId.Length + write.ConnectionId.Length + read.Keys.Length + write.Keys.Length + terms.Identity.Length + name.Length;
        var writer = new TlsWriter(output.GetSpan(size));
        writer.Byte(Version);
        writer.Byte(FlagsOf(terms, isClient));
        writer.UInt16(terms.Suite.Value);
        writer.UInt64(mark, 4);
        writer.UInt64(read.Newest, 8);
        writer.UInt64(write.Sequence, 8);
        writer.UInt16(terms.MaxPlaintextOut);
        writer.UInt16(terms.MaxPlaintextIn);
        writer.Vector8(read.ConnectionId);
        writer.Vector8(write.ConnectionId);
        writer.Vector8(read.Keys);
        writer.Vector8(write.Keys);
        writer.Vector16(terms.Identity.Span);
        writer.Vector16(name);
        output.Advance(writer.Written.Length);
    }

    /// <summary>Reads a session. False when it is none of this version, or cut short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Fields fields)
    {
        fields = default;
        var reader = new TlsReader(bytes);
        if (!reader.TryTake(HeadSize, out var head) || head[0] != Version
            || !reader.TryReadVector8(out var ownId) || !reader.TryReadVector8(out var peerId) || !reader.TryReadVector8(out var readKeys)
            || !reader.TryReadVector8(out var writeKeys) || !reader.TryReadVector16(out var identity) || !reader.TryReadVector16(out var name) || !reader.IsAtEnd)
        {
            return false;
        }
        if (!SuiteTable.TryFind(SuiteOf(head), out _, out _))
        {
            return false;
        }
        var terms = TermsOf(head);
        (terms.OwnConnectionId, terms.PeerConnectionId) = (head[1] & HasIds) != 0 ? (ownId.ToArray(), peerId.ToArray()) : (null, null);
        (terms.Identity, terms.ServerName) = (identity.ToArray(), name.IsEmpty ? null : Encoding.UTF8.GetString(name));
        fields = new Fields(terms, readKeys.ToArray(), writeKeys.ToArray())
        {
            Mark = BinaryPrimitives.ReadUInt32BigEndian(head[4..]),
            Newest = BinaryPrimitives.ReadUInt64BigEndian(head[8..]),
            Next = BinaryPrimitives.ReadUInt64BigEndian(head[16..]),
            IsClient = (head[1] & Client) != 0,
        };
        var size = SuiteTable.CipherOf(terms.Suite, terms.EncryptThenMac).KeyMaterialSize;
        return fields.Read.Length == size && fields.Write.Length == size;
    }

    private static CipherSuite SuiteOf(ReadOnlySpan<byte> head) => new(BinaryPrimitives.ReadUInt16BigEndian(head[2..]));

    private static HandshakeTerms TermsOf(ReadOnlySpan<byte> head)
    {
        SuiteTable.TryFind(SuiteOf(head), out var exchange, out _);
        return new HandshakeTerms
        {
            Suite = SuiteOf(head),
            Exchange = exchange,
            IsAgreed = true,
            ExtendedMasterSecret = (head[1] & Extended) != 0,
            EncryptThenMac = (head[1] & EncryptThenMac) != 0,
            Resumed = (head[1] & Resumed) != 0,
            ReturnRoutability = (head[1] & Routability) != 0,
            MaxPlaintextOut = BinaryPrimitives.ReadUInt16BigEndian(head[24..]),
            MaxPlaintextIn = BinaryPrimitives.ReadUInt16BigEndian(head[26..]),
        };
    }

    private static byte FlagsOf(HandshakeTerms terms, bool isClient) => (byte)(
        (terms.ExtendedMasterSecret ? Extended : 0) | (terms.EncryptThenMac ? EncryptThenMac : 0) | (terms.Resumed ? Resumed : 0)
        | (terms.ReturnRoutability ? Routability : 0) | (terms.OwnConnectionId is not null ? HasIds : 0) | (isClient ? Client : 0));

    /// <summary>What was read.</summary>
    internal readonly record struct Fields(HandshakeTerms Terms, byte[] Read, byte[] Write)
    {
        public uint Mark { get; init; }

        public ulong Newest { get; init; }

        public ulong Next { get; init; }

        public bool IsClient { get; init; }
    }
}
