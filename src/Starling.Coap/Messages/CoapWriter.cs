using System.Buffers.Binary;

namespace Starling.Coap;

/// <summary>Writes messages as datagrams into memory of the caller.</summary>
public static class CoapWriter
{
    /// <summary>The most bytes in front of an option's value.</summary>
    internal const int MaxOptionHeader = 5;

    /// <summary>The size of a datagram with this content.</summary>
    public static int SizeOf(CoapMessage message, in CoapToken token) =>
        CoapDatagram.HeaderSize + token.Length + message.Options.Encoded.Length + (message.Payload.IsEmpty ? 0 : 1 + message.Payload.Length);

    /// <summary>Writes a message as one datagram.</summary>
    /// <param name="destination">Room for <see cref="SizeOf"/> bytes.</param>
    /// <param name="type">The type.</param>
    /// <param name="messageId">The message id.</param>
    /// <param name="token">The token; it stands for the message's own.</param>
    /// <param name="message">Code, options and payload.</param>
    /// <returns>The number of bytes.</returns>
    public static int Write(Span<byte> destination, MessageType type, ushort messageId, in CoapToken token, CoapMessage message)
    {
        var length = WriteHeader(destination, type, message.Code, messageId, token);
        var options = message.Options.Encoded.Span;
        options.CopyTo(destination[length..]);
        length += options.Length;
        var payload = message.Payload.Span;
        if (!payload.IsEmpty)
        {
            destination[length++] = 0xff;
            payload.CopyTo(destination[length..]);
            length += payload.Length;
        }
        return length;
    }

    /// <summary>Writes a message of four bytes: an empty acknowledgement, a Reset or a ping.</summary>
    public static int WriteEmpty(Span<byte> destination, MessageType type, ushort messageId) =>
        WriteHeader(destination, type, CoapCode.Empty, messageId, default);

    internal static int WriteOption(Span<byte> destination, ref int last, OptionNumber number, ReadOnlySpan<byte> value)
    {
        var delta = number.Value - last;
        if (delta < 0)
        {
            throw new ArgumentException($"Option {number} comes after option number {last}: options go in ascending order.", nameof(number));
        }
        if (value.Length > 269 + ushort.MaxValue)
        {
            throw new ArgumentException("An option value has at most 65 804 bytes.", nameof(value));
        }
        var at = 1;
        destination[0] = (byte)((Extend(delta, destination, ref at) << 4) | Extend(value.Length, destination, ref at));
        value.CopyTo(destination[at..]);
        last = number.Value;
        return at + value.Length;
    }

    private static int WriteHeader(Span<byte> destination, MessageType type, CoapCode code, ushort messageId, in CoapToken token)
    {
        destination[0] = (byte)(0x40 | ((int)type << 4) | token.Length);
        destination[1] = code.Value;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], messageId);
        if (token.Length > 0)
        {
            Span<byte> bytes = stackalloc byte[CoapToken.MaxLength];
            token.CopyTo(bytes);
            bytes[..token.Length].CopyTo(destination[CoapDatagram.HeaderSize..]);
        }
        return CoapDatagram.HeaderSize + token.Length;
    }

    private static int Extend(int value, Span<byte> destination, ref int at)
    {
        switch (value)
        {
            case < 13:
                return value;
            case < 269:
                destination[at++] = (byte)(value - 13);
                return 13;
            default:
                BinaryPrimitives.WriteUInt16BigEndian(destination[at..], (ushort)(value - 269));
                at += 2;
                return 14;
        }
    }
}
