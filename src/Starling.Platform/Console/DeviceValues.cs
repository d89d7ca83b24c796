using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>What is known of one device's resources.</summary>
internal sealed class DeviceValues
{
    private const int MaxPaths = 4096;
    private const int MaxPoints = 240;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<Lwm2mPath, LastValue> _values = [];
    private readonly Dictionary<Lwm2mPath, Queue<CurvePoint>> _curves = [];

    /// <summary>Keeps a value.</summary>
    /// <param name="path">Whose value.</param>
    /// <param name="value">The value.</param>
    /// <param name="mayGrow">Whether there is room for more text.</param>
    /// <param name="grown">By how much text more.</param>
    /// <returns>False when there is no room for it.</returns>
    public bool Set(Lwm2mPath path, LastValue value, bool mayGrow, out long grown)
    {
        lock (_lock)
        {
            grown = 0;
            var before = _values.TryGetValue(path, out var old) ? old.Text.Length : -1;
            if (before < 0 && _values.Count >= MaxPaths || (!mayGrow && value.Text.Length > Math.Max(before, 0)))
            {
                return false;
            }
            _values[path] = value;
            grown = value.Text.Length - Math.Max(before, 0);
            return true;
        }
    }

    /// <summary>Adds a point; true when it is the first of a new curve.</summary>
    public bool AddPoint(Lwm2mPath path, CurvePoint point, bool mayGrow)
    {
        lock (_lock)
        {
            var isNew = !_curves.TryGetValue(path, out var curve);
            if (isNew && !mayGrow)
            {
                return false;
            }
            curve ??= _curves[path] = new Queue<CurvePoint>();
            curve.Enqueue(point);
            if (curve.Count > MaxPoints)
            {
                curve.Dequeue();
            }
            return isNew;
        }
    }

    public LastValue? Find(Lwm2mPath path)
    {
        lock (_lock)
        {
            return _values.GetValueOrDefault(path);
        }
    }

    public IReadOnlyList<KeyValuePair<Lwm2mPath, LastValue>> Below(Lwm2mPath path)
    {
        lock (_lock)
        {
            return [.. _values.Where(v => v.Key.StartsWith(path))];
        }
    }

    public IReadOnlyList<CurvePoint> Curve(Lwm2mPath path)
    {
        lock (_lock)
        {
            return _curves.TryGetValue(path, out var curve) ? [.. curve] : [];
        }
    }

    /// <summary>Forgets what is below a path; gives how much that was.</summary>
    public (long Text, int Curves, IReadOnlyList<Lwm2mPath> Paths) Remove(Lwm2mPath path)
    {
        lock (_lock)
        {
            Lwm2mPath[] gone = [.. _values.Keys.Where(p => p.StartsWith(path))];
            Lwm2mPath[] curves = [.. _curves.Keys.Where(p => p.StartsWith(path))];
            var text = gone.Sum(p => (long)_values[p].Text.Length);
            Array.ForEach(gone, p => _values.Remove(p));
            Array.ForEach(curves, p => _curves.Remove(p));
            return (text, curves.Length, gone);
        }
    }
}

/// <summary>One value of a curve.</summary>
public readonly record struct CurvePoint(DateTimeOffset At, double Value);
