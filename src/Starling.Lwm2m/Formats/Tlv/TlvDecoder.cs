namespace Starling.Lwm2m;

/// <summary>Reads one payload of TLVs. Each level has its own method, and there are three: what nests deeper is refused by the grammar.</summary>
internal struct TlvDecoder(CodecScope scope, RecordSet output)
{
    private readonly Lwm2mPath _base = scope.BasePath;
    private readonly RecordSet _output = output;
    private ResourceTypes _types = new(scope.Catalog);
    private CodecErrorKind _error;
    private bool _hasInstance;   // Instance TLVs at the top
    private bool _hasResource;   // others at the top

    public CodecError Decode(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            AddNothing();
        }
        var rest = input;
        var offset = 0;
        while (TryTake(ref rest, out var header, out var value))
        {
            AddTop(header, value);
            offset = _error == CodecErrorKind.None ? input.Length - rest.Length : offset;
        }
        _output.InstanceOmitted = _base.IsObject && !_hasInstance;
        return _error == CodecErrorKind.None ? default : new CodecError(_error, offset);
    }

    // An object or an instance without members. A resource would have said itself which it is.
    private void AddNothing()
    {
        if (_base.Depth > 2)
        {
            Fail(CodecErrorKind.Truncated);
            return;
        }
        Add(_base, Lwm2mValue.Empty);
    }

    private void AddTop(TlvHeader header, ReadOnlySpan<byte> value)
    {
        var isInstance = header.Kind == TlvKind.Instance;
        _hasInstance |= isInstance;
        _hasResource |= !isInstance;
        if (_hasInstance && _hasResource)
        {
            Fail(CodecErrorKind.Malformed);
        }
        else if (isInstance)
        {
            AddInstance(header.Id, value);
        }
        else if (header.Kind == TlvKind.ResourceInstance && _base.Depth >= 3)
        {
            AddValue(_base.Take(3), header.Id, value);
        }
        else
        {
            AddResource(_base.IsObject ? _base.Append(0) : _base.Take(2), header, value);
        }
    }

    private void AddInstance(int id, ReadOnlySpan<byte> content)
    {
        if (!TryAppend(_base.Take(1), id, out var path))
        {
            return;
        }
        if (content.IsEmpty)
        {
            Add(path, Lwm2mValue.Empty);
        }
        while (TryTake(ref content, out var header, out var value))
        {
            AddResource(path, header, value);
        }
    }

    private void AddResource(Lwm2mPath instance, TlvHeader header, ReadOnlySpan<byte> content)
    {
        switch (header.Kind)
        {
            case TlvKind.Resource:
                AddValue(instance, header.Id, content);
                break;
            case TlvKind.MultipleResource:
                AddMultiple(instance, header.Id, content);
                break;
            default:
                Fail(CodecErrorKind.Malformed);
                break;
        }
    }

    private void AddMultiple(Lwm2mPath instance, int id, ReadOnlySpan<byte> content)
    {
        if (!TryAppend(instance, id, out var path))
        {
            return;
        }
        if (content.IsEmpty)
        {
            Add(path, Lwm2mValue.Empty);
        }
        while (TryTake(ref content, out var header, out var value))
        {
            if (header.Kind == TlvKind.ResourceInstance)
            {
                AddValue(path, header.Id, value);
            }
            else
            {
                Fail(CodecErrorKind.Malformed);
            }
        }
    }

    private void AddValue(Lwm2mPath parent, int id, ReadOnlySpan<byte> bytes)
    {
        if (!TryAppend(parent, id, out var path))
        {
            return;
        }
        if (TlvValue.TryRead(_types.Find(path), bytes, out var value))
        {
            Add(path, value);
        }
        else
        {
            Fail(CodecErrorKind.Type);
        }
    }

    private void Add(Lwm2mPath path, Lwm2mValue value)
    {
        if (!path.StartsWith(_base))
        {
            Fail(CodecErrorKind.Path);
        }
        else if (_output.Count >= ContentCodec.MaxRecords)
        {
            Fail(CodecErrorKind.Limit);
        }
        else if (_error == CodecErrorKind.None)
        {
            _output.Add(path, value);
        }
    }

    private bool TryAppend(Lwm2mPath parent, int id, out Lwm2mPath path)
    {
        path = id <= Lwm2mPath.MaxId ? parent.Append(id) : default;
        return id <= Lwm2mPath.MaxId || Fail(CodecErrorKind.Path);
    }

    private bool TryTake(ref ReadOnlySpan<byte> rest, out TlvHeader header, out ReadOnlySpan<byte> value)
    {
        header = default;
        value = default;
        if (_error != CodecErrorKind.None || rest.IsEmpty)
        {
            return false;
        }
        if (!TlvHeader.TryRead(ref rest, out header) || rest.Length < header.Length)
        {
            return Fail(CodecErrorKind.Truncated);
        }
        value = rest[..header.Length];
        rest = rest[header.Length..];
        return true;
    }

    private bool Fail(CodecErrorKind kind)
    {
        _error = _error == CodecErrorKind.None ? kind : _error;
        return false;
    }
}
