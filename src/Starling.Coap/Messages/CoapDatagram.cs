using System.Buffers.Binary;

namespace Starling.Coap;

/// <summary>A datagram's parts as views, before anything is copied out of the receive buffer.</summary>
public readonly ref struct CoapDatagram
{
    /// <summary>The bytes before the token.</summary>
    public const int HeaderSize = 4;

    /// <summary>The options that a message may have when nothing else is said.</summary>
    public const int DefaultMaxOptions = 64;

    /// <summary>The type.</summary>
    public MessageType Type { get; private init; }
    /// <summary>The code.</summary>
    public CoapCode Code { get; private init; }
    /// <summary>The message id.</summary>
    public ushort MessageId { get; private init; }
    /// <summary>The token.</summary>
    public CoapToken Token { get; private init; }
    /// <summary>The encoded options.</summary>
    public ReadOnlySpan<byte> Options { get; private init; }
    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>
    /// Takes a datagram apart. On an error the header's fields are still there when it had four bytes, so that a Reset can name its message id.
    /// </summary>
    /// <returns>What is wrong, or <see cref="ParseError.None"/>.</returns>
    public static ParseError Parse(ReadOnlySpan<byte> bytes, out CoapDatagram datagram, int maxOptions = DefaultMaxOptions)
    {
        datagram = default;
        if (bytes.Length < HeaderSize)
        {
            return ParseError.TooShort;
        }
        var type = (MessageType)((bytes[0] >> 4) & 3);
        var code = new CoapCode(bytes[1]);
        var id = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        var tokenLength = bytes[0] & 0xf;
        datagram = new CoapDatagram { Type = type, Code = code, MessageId = id };
        if (bytes[0] >> 6 != 1)
        {
            return ParseError.Version;
        }
        if (tokenLength > CoapToken.MaxLength || HeaderSize + tokenLength > bytes.Length)
        {
            return ParseError.TokenLength;
        }
        if (code.IsEmpty)
        {
            // An empty NON is nothing that §4.3 knows.
            return bytes.Length > HeaderSize ? ParseError.EmptyWithContent
                : type == MessageType.NonConfirmable ? ParseError.Code
                : ParseError.None;
        }
        // §4.2, §4.3: a Reset is empty, an acknowledgement carries no request; classes 1, 6 and 7 are reserved.
        if (type == MessageType.Reset || (code.IsRequest && type == MessageType.Acknowledgement) || !(code.IsRequest || code.IsResponse))
        {
            return ParseError.Code;
        }
        var body = bytes[(HeaderSize + tokenLength)..];
        var reader = new CoapReader(body);
        var count = 0;
        ParseError error;
        while (reader.TryReadOption(out _, out error))
        {
            if (++count > maxOptions)
            {
                return ParseError.TooManyOptions;
            }
        }
        if (error != ParseError.None)
        {
            return error;
        }
        var optionsLength = body.Length - reader.Rest.Length;
        var payload = reader.Rest;
        if (!payload.IsEmpty)
        {
            payload = payload[1..];
            if (payload.IsEmpty)
            {
                return ParseError.EmptyPayload;
            }
        }
        datagram = new CoapDatagram
        {
            Type = type,
            Code = code,
            MessageId = id,
            Token = CoapToken.From(bytes.Slice(HeaderSize, tokenLength)),
            Options = body[..optionsLength],
            Payload = payload,
        };
        return ParseError.None;
    }

    /// <summary>Copies what outlives the receive buffer: one message and one array of exactly the right size.</summary>
    public CoapMessage ToMessage()
    {
        if (Options.IsEmpty && Payload.IsEmpty)
        {
            return new CoapMessage { Code = Code, Token = Token };
        }
        var copy = GC.AllocateUninitializedArray<byte>(Options.Length + Payload.Length);
        Options.CopyTo(copy);
        Payload.CopyTo(copy.AsSpan(Options.Length));
        return new CoapMessage
        {
            Code = Code,
            Token = Token,
            Options = new CoapOptions(copy.AsMemory(0, Options.Length)),
            Payload = copy.AsMemory(Options.Length),
        };
    }
}
