using System.Buffers;
using System.Text;

namespace Starling.Coap;

/// <summary>
/// Encodes options into one array. They must come in ascending order of their numbers: there is no sort and no list.
/// </summary>
public ref struct CoapOptionsBuilder
{
    private const int InitialSize = 64;
    private byte[] _buffer;
    private int _length;
    private int _last;

    /// <summary>Starts with no options.</summary>
    public CoapOptionsBuilder() => _buffer = [];

    /// <summary>Adds an option with a value of bytes.</summary>
    /// <exception cref="ArgumentException">The number is below one that was added before, or the value is longer than 65 804 bytes.</exception>
    public void Add(OptionNumber number, scoped ReadOnlySpan<byte> value)
    {
        var destination = Grow(CoapWriter.MaxOptionHeader + value.Length);
        _length += CoapWriter.WriteOption(destination, ref _last, number, value);
    }

    /// <summary>Adds an option with an unsigned integer in its shortest form.</summary>
    public void Add(OptionNumber number, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        Add(number, bytes[..CoapOption.WriteUInt(value, bytes)]);
    }

    /// <summary>Adds an option with text.</summary>
    public void Add(OptionNumber number, scoped ReadOnlySpan<char> text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        var rented = size > 256 ? ArrayPool<byte>.Shared.Rent(size) : null;
        Span<byte> bytes = rented ?? stackalloc byte[256];
        Add(number, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Adds one option for each segment between slashes; <c>/</c> and the empty text add none.</summary>
    public void AddPath(OptionNumber number, scoped ReadOnlySpan<char> path)
    {
        path = path.Trim('/');
        if (path.IsEmpty)
        {
            return;
        }
        foreach (var range in path.Split('/'))
        {
            Add(number, path[range]);
        }
    }

    /// <summary>The options so far; nothing may be added afterwards.</summary>
    public readonly CoapOptions Build() => _length == 0 ? default : new CoapOptions(_buffer.AsMemory(0, _length));

    private Span<byte> Grow(int needed)
    {
        if (_buffer.Length - _length < needed)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length == 0 ? Math.Max(InitialSize, needed) : _buffer.Length * 2, _length + needed));
        }
        return _buffer.AsSpan(_length);
    }
}
