using System.Runtime.CompilerServices;
using Starling.Cbor;

namespace Starling.Lwm2m;

/// <summary>Reads LwM2M CBOR in any grouping. Every key adds a number to the path, so maps nest four deep at most.</summary>
internal ref struct Lwm2mCborDecoder
{
    private readonly CodecScope _scope;
    private readonly RecordSet _output;
    private CborReader _reader;
    private ResourceTypes _types;
    private Levels _levels;   // the maps that are open
    private int _open;
    private bool _hasOpenInstance;
    private bool _hasInstance;

    public Lwm2mCborDecoder(CodecScope scope, ReadOnlySpan<byte> input, RecordSet output)
    {
        _scope = scope;
        _output = output;
        _reader = new CborReader(input, ContentCodec.MaxDepth);
        output.ExpectTexts(input.Length);
        _types = new ResourceTypes(scope.Catalog);
    }

    public CodecError Decode()
    {
        var start = _output.Count;
        var error = ReadTree();
        if (error == CodecErrorKind.None && !_reader.IsAtEnd)
        {
            error = CodecErrorKind.TrailingBytes;
        }
        if (error == CodecErrorKind.None)
        {
            error = SeparatePaths.Check(_output.AsSpan()[start..]);
        }
        if (error == CodecErrorKind.None && _hasOpenInstance && _hasInstance)
        {
            error = CodecErrorKind.Malformed;
        }
        _output.InstanceOmitted = _hasOpenInstance;
        return error == CodecErrorKind.None ? default : new CodecError(error, _reader.Position);
    }

    private CodecErrorKind ReadTree()
    {
        var error = Enter(Lwm2mPath.Root, out var isEmpty);
        if (error != CodecErrorKind.None)
        {
            return error;
        }
        if (isEmpty)
        {
            return AddEmpty(_scope.BasePath);
        }
        while (_open > 0)
        {
            ref var level = ref _levels[_open - 1];
            if (!_reader.HasNext(ref level.Remaining))
            {
                if (_reader.Error != CborError.None)
                {
                    return CborValue.ErrorOf(_reader.Error);
                }
                _open--;
                continue;
            }
            var path = level.Path;
            error = ReadKey(ref path);
            error = error == CodecErrorKind.None ? ReadValue(path) : error;
            if (error != CodecErrorKind.None)
            {
                return error;
            }
        }
        return CodecErrorKind.None;
    }

    /// <summary>Goes into a map, or over it when it is empty.</summary>
    private CodecErrorKind Enter(Lwm2mPath path, out bool isEmpty)
    {
        isEmpty = false;
        if (!_reader.TryReadMap(out var remaining))
        {
            return CborValue.ErrorOf(_reader.Error);
        }
        _output.Expect(remaining + (Math.Max(remaining, 0) / 2));   // some of them may be multiple
        var first = remaining;
        if (!_reader.HasNext(ref first))
        {
            isEmpty = _reader.Error == CborError.None;
            return CborValue.ErrorOf(_reader.Error);
        }
        if (path.Depth == 4)
        {
            return CodecErrorKind.Path;
        }
        _levels[_open++] = new Level { Path = path, Remaining = remaining };
        return CodecErrorKind.None;
    }

    private CodecErrorKind ReadKey(ref Lwm2mPath path)
    {
        if (_reader.Peek() == CborKind.Text)
        {
            return CodecErrorKind.Unsupported;   // the prefix of a device behind a gateway
        }
        if (_reader.Peek() != CborKind.Array)
        {
            return ReadNumber(ref path);
        }
        if (!_reader.TryReadArray(out var remaining))
        {
            return CborValue.ErrorOf(_reader.Error);
        }
        var depth = path.Depth;
        while (_reader.HasNext(ref remaining))
        {
            var error = ReadNumber(ref path);
            if (error != CodecErrorKind.None)
            {
                return error;
            }
        }
        return _reader.Error != CborError.None ? CborValue.ErrorOf(_reader.Error) : path.Depth == depth ? CodecErrorKind.Malformed : CodecErrorKind.None;
    }

    private CodecErrorKind ReadNumber(ref Lwm2mPath path)
    {
        if (!_reader.TryReadUInt64(out var number))
        {
            return _reader.Error == CborError.Overflow ? CodecErrorKind.Path : CborValue.ErrorOf(_reader.Error);
        }
        if (number == Lwm2mCborCodec.OpenInstance && path.IsObject && path == _scope.BasePath)
        {
            _hasOpenInstance = true;
            path = path.Append(0);
            return CodecErrorKind.None;
        }
        if (number > Lwm2mPath.MaxId || path.Depth == 4)
        {
            return CodecErrorKind.Path;
        }
        _hasInstance |= path.Depth == 1;
        path = path.Append((int)number);
        return CodecErrorKind.None;
    }

    private CodecErrorKind ReadValue(Lwm2mPath path)
    {
        if (_reader.Peek() == CborKind.Map)
        {
            var inner = Enter(path, out var isEmpty);
            return isEmpty ? AddEmpty(path) : inner;
        }
        if (path.Depth < 3 || !path.StartsWith(_scope.BasePath))
        {
            return CodecErrorKind.Path;
        }
        if (_reader.Peek() == CborKind.Null)
        {
            // It says that the resource is there, and nothing more: right for one that has no value (Core 1.2 appendix C), and for no other.
            _reader.TryReadNull();
            return _scope.Catalog.FindResource(path) is { Type: ValueKind.None } ? CodecErrorKind.None : CodecErrorKind.Type;
        }
        var error = CborValue.Read(ref _reader, _output, out var raw);
        if (error != CodecErrorKind.None)
        {
            return error;
        }
        return _types.TryType(path, raw, out var value) ? Add(path, value) : CodecErrorKind.Type;
    }

    private CodecErrorKind AddEmpty(Lwm2mPath path)
    {
        if (!path.StartsWith(_scope.BasePath) || path.Depth == 4)
        {
            return CodecErrorKind.Path;
        }
        // An object without instances, or one instance without resources and without a number: both name none.
        if (_scope.BasePath.IsObject && (path.IsObject || (_hasOpenInstance && path.IsInstance)))
        {
            _hasOpenInstance = true;
            path = _scope.BasePath;
        }
        return path.IsRoot ? CodecErrorKind.None : Add(path, Lwm2mValue.Empty);
    }

    private readonly CodecErrorKind Add(Lwm2mPath path, Lwm2mValue value)
    {
        if (_output.Count >= ContentCodec.MaxRecords)
        {
            return CodecErrorKind.Limit;
        }
        _output.Add(path, value);
        return CodecErrorKind.None;
    }

    private struct Level
    {
        public Lwm2mPath Path;
        public int Remaining;
    }

    [InlineArray(4)]
    private struct Levels
    {
        private Level _first;
    }
}
