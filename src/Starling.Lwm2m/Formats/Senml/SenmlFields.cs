namespace Starling.Lwm2m;

/// <summary>What one record of a SenML pack says (RFC 8428 §4), before base name and base time are added.</summary>
internal ref struct SenmlFields
{
    private Field _seen;

    public ReadOnlySpan<byte> BaseName { get; private set; }
    public ReadOnlySpan<byte> Name { get; private set; }
    public double BaseTime { get; private set; }
    public double Time { get; private set; }
    public Lwm2mValue Value { get; private set; }

    public readonly bool HasBaseName => (_seen & Field.BaseName) != 0;
    public readonly bool HasBaseTime => (_seen & Field.BaseTime) != 0;
    public readonly bool HasName => (_seen & Field.Name) != 0;
    public readonly bool HasValue => (_seen & Field.Value) != 0;

    /// <summary>Whether there was a field other than names, times, units and the value.</summary>
    public readonly bool HasOther => (_seen & Field.Other) != 0;

    /// <summary>Sets <c>bn</c>; false when it was set.</summary>
    public bool TrySetBaseName(ReadOnlySpan<byte> utf8)
    {
        BaseName = utf8;
        return See(Field.BaseName);
    }

    /// <summary>Sets <c>n</c>; false when it was set.</summary>
    public bool TrySetName(ReadOnlySpan<byte> utf8)
    {
        Name = utf8;
        return See(Field.Name);
    }

    /// <summary>Sets <c>bt</c>; false when it was set or is no time.</summary>
    public bool TrySetBaseTime(double seconds)
    {
        BaseTime = seconds;
        return double.IsFinite(seconds) && See(Field.BaseTime);
    }

    /// <summary>Sets <c>t</c>; false when it was set or is no time.</summary>
    public bool TrySetTime(double seconds)
    {
        Time = seconds;
        return double.IsFinite(seconds) && See(Field.Time);
    }

    /// <summary>Sets the value, whichever field it came in; false when there was one.</summary>
    public bool TrySetValue(Lwm2mValue value)
    {
        Value = value;
        return See(Field.Value);
    }

    /// <summary>Notes a field that was read over.</summary>
    public void SetOther() => See(Field.Other);

    private bool See(Field field)
    {
        var isNew = (_seen & field) == 0;
        _seen |= field;
        return isNew;
    }

    [Flags]
    private enum Field : byte
    {
        BaseName = 1,
        Name = 2,
        BaseTime = 4,
        Time = 8,
        Value = 16,
        Other = 32,
    }
}
