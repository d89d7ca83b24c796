using System.Buffers;

namespace Starling.Lwm2m;

/// <summary>Writes records, in ascending order of their paths, as TLVs, the last one first.</summary>
internal ref struct TlvEncoder(CodecScope scope)
{
    private readonly CodecScope _scope = scope;
    private ResourceTypes _types = new(scope.Catalog);
    private TlvWriter _writer = new();
    private Lwm2mPath _multiple;   // the multiple resource whose instances are being written
    private int _multipleMark;

    /// <summary>Hands on what was written.</summary>
    public void Finish(IBufferWriter<byte> output) => _writer.Finish(output);

    /// <summary>Writes all records.</summary>
    public void Add(ReadOnlySpan<Lwm2mRecord> records)
    {
        while (!records.IsEmpty)
        {
            var mark = _writer.Length;
            var instance = records[^1].Path.Take(2);
            while (!records.IsEmpty && records[^1].Path.Take(2) == instance)
            {
                AddResource(records[^1]);
                records = records[..^1];
            }
            CloseMultiple();
            if (_scope.BasePath.IsObject && !_scope.OmitInstance && instance.IsInstance)
            {
                _writer.Prepend(TlvKind.Instance, instance.InstanceId, mark);
            }
        }
    }

    private void AddResource(in Lwm2mRecord record)
    {
        var path = record.Path;
        if (path.Take(3) != _multiple || path.Depth < 4)
        {
            CloseMultiple();
        }
        if (path.IsResourceInstance)
        {
            OpenMultiple(path.Take(3));
            AddValue(TlvKind.ResourceInstance, path.ResourceInstanceId, record);
        }
        else if (path.IsResource && record.Value.Kind == ValueKind.Empty)
        {
            _writer.Prepend(TlvKind.MultipleResource, path.ResourceId, _writer.Length);
        }
        else if (path.IsResource)
        {
            AddValue(TlvKind.Resource, path.ResourceId, record);
        }
    }

    private void OpenMultiple(Lwm2mPath path)
    {
        if (_multiple.IsRoot)
        {
            (_multiple, _multipleMark) = (path, _writer.Length);
        }
    }

    private void CloseMultiple()
    {
        if (!_multiple.IsRoot && !_scope.BasePath.IsResourceInstance)
        {
            _writer.Prepend(TlvKind.MultipleResource, _multiple.ResourceId, _multipleMark);
        }
        _multiple = default;
    }

    /// <summary>TLV tells no types, so a value goes in its resource's: 21 for a Float is four bytes of IEEE 754.</summary>
    private void AddValue(TlvKind kind, int id, in Lwm2mRecord record)
    {
        var mark = _writer.Length;
        _writer.Prepend(_types.TryType(record.Path, record.Value, out var value) ? value : record.Value);
        _writer.Prepend(kind, id, mark);
    }
}
