namespace Starling.Lwm2m;

/// <summary>Whether records can lie in one tree: no path twice, and no value where others lie below.</summary>
internal static class SeparatePaths
{
    /// <summary>Whether each path comes after the one before it in the tree.</summary>
    public static bool AreAscending(ReadOnlySpan<Lwm2mRecord> records)
    {
        for (var i = 1; i < records.Length; i++)
        {
            if (records[i].Path <= records[i - 1].Path)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>What is wrong with the paths, if anything.</summary>
    public static CodecErrorKind Check(ReadOnlySpan<Lwm2mRecord> records)
    {
        if (AreAscending(records))
        {
            return CheckAscending(records);
        }
        var sorted = records.ToArray();
        Array.Sort(sorted, (a, b) => a.Path.CompareTo(b.Path));
        return CheckAscending(sorted);
    }

    // In the order of the tree, what lies below a path follows right behind it.
    private static CodecErrorKind CheckAscending(ReadOnlySpan<Lwm2mRecord> records)
    {
        for (var i = 1; i < records.Length; i++)
        {
            if (records[i].Path.StartsWith(records[i - 1].Path))
            {
                return records[i].Path == records[i - 1].Path ? CodecErrorKind.DuplicatePath : CodecErrorKind.Malformed;
            }
        }
        return CodecErrorKind.None;
    }
}
