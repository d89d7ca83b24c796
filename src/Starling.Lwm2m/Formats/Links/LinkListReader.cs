using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>
/// Takes from a registration's link list what it says of LwM2M (Core 1.2 §6.2.1): alternate path and formats on the root link, objects and
/// instances with versions on the others. Links to anything else are another application's and are left aside.
/// </summary>
internal ref struct LinkListReader(ReadOnlySpan<byte> utf8, LinkLimits limits)
{
    private readonly ReadOnlySpan<byte> _utf8 = utf8;
    private string _root = "";
    private List<ContentFormat>? _formats;
    private Dictionary<int, ObjectVersion>? _versions;
    private HashSet<int>? _onObject;   // objects whose version stands on their own link: it outranks the one on an instance

    public bool TryRead([NotNullWhen(true)] out LinkList? list)
    {
        list = null;
        if (_utf8.Length > limits.MaxBytes || !Utf8.IsValid(_utf8) || !TryReadRoot() || !TryReadPaths(out var paths))
        {
            return false;
        }
        list = new LinkList(paths, _versions is null ? LinkList.None.Versions : _versions, _root, Encoding.UTF8.GetString(_utf8))
        {
            Formats = _formats is null ? [] : _formats,
        };
        return true;
    }

    /// <summary>The first pass: the root link may stand behind the links that it is the root of.</summary>
    private bool TryReadRoot()
    {
        var reader = new LinkReader(_utf8);
        var count = 0;
        while (reader.TryReadLink(out var target))
        {
            if (++count > limits.MaxLinks || !TryReadRootLink(ref reader, target))
            {
                return false;
            }
        }
        return !reader.Failed;
    }

    private bool TryReadRootLink(ref LinkReader reader, ReadOnlySpan<byte> target)
    {
        var isRoot = false;
        ReadOnlySpan<byte> formats = default;
        var count = 0;
        while (reader.TryReadAttribute(out var attribute))
        {
            if (++count > limits.MaxAttributes)
            {
                return false;
            }
            if (attribute.Name.SequenceEqual("rt"u8))
            {
                isRoot |= HasWord(attribute.Plain(), "oma.lwm2m"u8);
            }
            else if (attribute.Name.SequenceEqual("ct"u8))
            {
                formats = attribute.Plain();
            }
        }
        if (isRoot && !TrySetRoot(target))
        {
            return false;
        }
        if (isRoot || target.SequenceEqual("/"u8))
        {
            AddFormats(formats);
        }
        return true;
    }

    /// <summary>An alternate path has no segment that is a number, else it could not be told from an object (Core 1.2 §6.2.1).</summary>
    private bool TrySetRoot(ReadOnlySpan<byte> target)
    {
        target = target.TrimEnd((byte)'/');
        if (target.IsEmpty)
        {
            return true;
        }
        if (target[0] != '/' || target.Length > limits.MaxRootBytes)
        {
            return false;
        }
        foreach (var range in target[1..].Split((byte)'/'))
        {
            var segment = target[1..][range];
            if (segment.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0)
            {
                return false;
            }
        }
        _root = Encoding.UTF8.GetString(target);
        return true;
    }

    private void AddFormats(ReadOnlySpan<byte> formats)
    {
        foreach (var range in formats.Split((byte)' '))
        {
            var word = formats[range];
            if (_formats?.Count >= limits.MaxFormats)
            {
                return;
            }
            if (Utf8Parser.TryParse(word, out ushort number, out var length) && length == word.Length)
            {
                (_formats ??= []).Add(new ContentFormat(number));
            }
        }
    }

    private bool TryReadPaths(out Lwm2mPath[] paths)
    {
        var root = Encoding.UTF8.GetBytes(_root);
        var found = new List<Lwm2mPath>();
        var reader = new LinkReader(_utf8);
        while (reader.TryReadLink(out var target))
        {
            // 0, 21 and 23 hold secrets and are never listed (Core 1.2 §6.2.1): what lists them anyway is not believed.
            if (TryReadPath(target, root, out var path) && path.Depth is 1 or 2 && path.ObjectId is not (0 or 21 or 23))
            {
                found.Add(path);
                ReadVersion(ref reader, path);
            }
        }
        found.Sort();
        paths = [.. found.Distinct()];
        return !reader.Failed;
    }

    private static bool TryReadPath(ReadOnlySpan<byte> target, ReadOnlySpan<byte> root, out Lwm2mPath path)
    {
        path = default;
        if (!root.IsEmpty && target.StartsWith(root))
        {
            target = target[root.Length..];
        }
        if (target.IsEmpty || target[0] != '/')
        {
            return false;
        }
        return Lwm2mPath.TryParse(target.Length > 1 && target[^1] == '/' ? target[..^1] : target, out path);
    }

    private void ReadVersion(ref LinkReader reader, Lwm2mPath path)
    {
        while (reader.TryReadAttribute(out var attribute))
        {
            if (attribute.Name.SequenceEqual("ver"u8) && attribute.Text() is { } text && ObjectVersion.TryParse(text, out var version))
            {
                AddVersion(path, version);
            }
        }
    }

    private void AddVersion(Lwm2mPath path, ObjectVersion version)
    {
        _versions ??= [];
        if (path.IsObject)
        {
            (_onObject ??= []).Add(path.ObjectId);
            _versions[path.ObjectId] = version;
        }
        else if (_onObject is null || !_onObject.Contains(path.ObjectId))
        {
            _versions[path.ObjectId] = version;
        }
    }

    private static bool HasWord(ReadOnlySpan<byte> words, ReadOnlySpan<byte> wanted)
    {
        foreach (var range in words.Split((byte)' '))
        {
            if (words[range].SequenceEqual(wanted))
            {
                return true;
            }
        }
        return false;
    }
}
