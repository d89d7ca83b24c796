using System.Text;

namespace Starling.Fuzz;

/// <summary>Makes inputs of inputs: by bits and bytes, by chunks, by lengths, by the target's words and by crossing two of them.</summary>
public sealed class Mutator(Random random, int maxLength, IReadOnlyList<byte[]> dictionary)
{
    private static readonly byte[] _interesting = [0, 1, 2, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x1f, 0x20, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xe0, 0xf0, 0xfe, 0xff];
    private static readonly string[] _numbers = ["0", "-1", "65535", "65536", "2147483648", "-9223372036854775809", "18446744073709551616", "1e999", "1e-999", "0.1", "NaN"];

    /// <summary>One to eight changes to a copy of the input.</summary>
    /// <param name="input">What to change.</param>
    /// <param name="other">What to take pieces from.</param>
    public byte[] Mutate(ReadOnlySpan<byte> input, ReadOnlySpan<byte> other)
    {
        var bytes = new List<byte>(input.Length + 16);
        bytes.AddRange(input);
        for (var changes = 1 + random.Next(1 << random.Next(4)); changes > 0; changes--)
        {
            Change(bytes, other);
        }
        if (bytes.Count > maxLength)
        {
            bytes.RemoveRange(maxLength, bytes.Count - maxLength);
        }
        return [.. bytes];
    }

    private void Change(List<byte> bytes, ReadOnlySpan<byte> other)
    {
        switch (random.Next(13))
        {
            case 0 or 1 when bytes.Count > 0:
                bytes[At(bytes)] ^= (byte)(1 << random.Next(8));
                break;
            case 2 when bytes.Count > 0:
                bytes[At(bytes)] = AnyByte();
                break;
            case 3 when bytes.Count > 0:
                AddToNumber(bytes);
                break;
            case 4:
                bytes.InsertRange(Gap(bytes), AnyBytes(1 + random.Next(8)));
                break;
            case 5 when bytes.Count > 0:
                Remove(bytes);
                break;
            case 6 when bytes.Count > 0:
                Repeat(bytes);
                break;
            case 7 when bytes.Count > 0:
                bytes.InsertRange(Gap(bytes), Chunk(bytes));
                break;
            case 8 when bytes.Count > 0:
                bytes.RemoveAt(At(bytes));
                break;
            case 9:
                Splice(bytes, other);
                break;
            case 10 or 11 when dictionary.Count > 0:
                UseWord(bytes);
                break;
            case 12:
                ChangeDecimal(bytes);
                break;
            default:
                bytes.Insert(Gap(bytes), AnyByte());
                break;
        }
    }

    // A length field, a number, a count: a little more or less, or as much as fits, in 1, 2 or 4 bytes, most significant first.
    private void AddToNumber(List<byte> bytes)
    {
        var width = Math.Min(1 << random.Next(3), bytes.Count);
        var at = random.Next(bytes.Count - width + 1);
        ulong value = 0;
        for (var i = 0; i < width; i++)
        {
            value = (value << 8) | bytes[at + i];
        }
        value = random.Next(4) switch
        {
            0 => ulong.MaxValue,
            1 => (ulong)bytes.Count,
            _ => value + (ulong)random.Next(-16, 17),
        };
        for (var i = width - 1; i >= 0; i--)
        {
            bytes[at + i] = (byte)value;
            value >>= 8;
        }
    }

    private void Remove(List<byte> bytes)
    {
        var from = At(bytes);
        bytes.RemoveRange(from, random.Next(5) == 0 ? bytes.Count - from : 1 + random.Next(Math.Min(8, bytes.Count - from)));
    }

    // Deep nesting and many of a kind are made by this.
    private void Repeat(List<byte> bytes)
    {
        var chunk = Chunk(bytes);
        var at = Gap(bytes);
        for (var times = 1 << random.Next(1, 9); times > 0 && bytes.Count < maxLength; times--)
        {
            bytes.InsertRange(at, chunk);
        }
    }

    private void Splice(List<byte> bytes, ReadOnlySpan<byte> other)
    {
        if (other.IsEmpty)
        {
            return;
        }
        var from = random.Next(other.Length);
        var piece = other.Slice(from, 1 + random.Next(other.Length - from)).ToArray();
        var at = Gap(bytes);
        if (random.Next(2) == 0)
        {
            bytes.RemoveRange(at, bytes.Count - at);
        }
        bytes.InsertRange(at, piece);
    }

    private void UseWord(List<byte> bytes)
    {
        var word = dictionary[random.Next(dictionary.Count)];
        var at = Gap(bytes);
        if (random.Next(2) == 0)
        {
            bytes.RemoveRange(at, Math.Min(word.Length, bytes.Count - at));
        }
        bytes.InsertRange(at, word);
    }

    // Formats of text carry numbers as digits.
    private void ChangeDecimal(List<byte> bytes)
    {
        var from = bytes.FindIndex(At(bytes), IsDigit);
        if (from < 0)
        {
            return;
        }
        var to = bytes.FindIndex(from, b => !IsDigit(b));
        bytes.RemoveRange(from, (to < 0 ? bytes.Count : to) - from);
        bytes.InsertRange(from, Encoding.ASCII.GetBytes(_numbers[random.Next(_numbers.Length)]));
    }

    private List<byte> Chunk(List<byte> bytes)
    {
        var from = At(bytes);
        return bytes.GetRange(from, 1 + random.Next(Math.Min(32, bytes.Count - from)));
    }

    private byte[] AnyBytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private byte AnyByte() => random.Next(2) == 0 ? _interesting[random.Next(_interesting.Length)] : (byte)random.Next(256);

    private int At(List<byte> bytes) => bytes.Count == 0 ? 0 : random.Next(bytes.Count);

    private int Gap(List<byte> bytes) => random.Next(bytes.Count + 1);

    private static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';
}
