using Starling.Coap;

namespace Starling.Lwm2m;

/// <summary>
/// Which content format an operation uses where it was left open (LwM2M Core 1.2 §7.4): what the peer announced, else what its version implies, and
/// nothing that it has refused. Decisions 0020 and 0073.
/// </summary>
internal static class FormatChoice
{
    private static readonly ContentFormat[] _many10 = [ContentFormat.Tlv];
    private static readonly ContentFormat[] _many = [ContentFormat.SenmlCbor, ContentFormat.SenmlJson, ContentFormat.Lwm2mCbor, ContentFormat.Tlv];
    private static readonly ContentFormat[] _manyWithCbor = [ContentFormat.Lwm2mCbor, ContentFormat.SenmlCbor, ContentFormat.SenmlJson, ContentFormat.Tlv];
    private static readonly ContentFormat[] _lists = [ContentFormat.SenmlCbor, ContentFormat.SenmlJson];
    private static readonly ContentFormat[] _etch = [ContentFormat.SenmlEtchCbor, ContentFormat.SenmlEtchJson, ContentFormat.SenmlCbor, ContentFormat.SenmlJson];
    private static readonly ContentFormat[] _etchAsJson = [ContentFormat.SenmlEtchJson, ContentFormat.SenmlEtchCbor, ContentFormat.SenmlJson, ContentFormat.SenmlCbor];

    /// <summary>Whether a format is one that is chosen among others, so that a refusal of it teaches something.</summary>
    public static bool IsChosen(ContentFormat format) => Array.IndexOf(_many, format) >= 0 || Array.IndexOf(_etch, format) >= 0;

    /// <summary>The format to ask for. A resource that is not known may be multiple, and a format that tells types serves it best.</summary>
    public static ContentFormat ForRead(Lwm2mPath path, in OperationScope scope) =>
        OperationFormat.SingleTarget(path, scope.Catalog) is { } resource ? ForOne(resource.Type) : scope.Formats.Preferred ?? ForMany(scope);

    /// <summary>
    /// The format to ask for of an observation, which stays what it is (RFC 7641 §4.2): values that are kept while nobody can be reached come with
    /// times, which only SenML has.
    /// </summary>
    public static ContentFormat ForObserve(Lwm2mPath path, NotificationAttributes? attributes, in OperationScope scope) =>
        attributes?.HistoricalQueue is null or 0 && OperationFormat.SingleTarget(path, scope.Catalog) is { } resource ? ForOne(resource.Type)
        : scope.Formats.Preferred ?? First(scope.Formats, scope.Version < Lwm2mVersion.V11 ? _many10 : _many);

    /// <summary>The format to ask for where names must stand for themselves: of a composite.</summary>
    public static ContentFormat ForComposite(bool isObserved, in OperationScope scope) =>
        scope.Formats.Preferred is { } preferred && OperationFormat.FindNamed(preferred) is not null ? preferred
        : First(scope.Formats, !isObserved && HasLwm2mCbor(scope) ? _manyWithCbor.AsSpan(..3) : _many.AsSpan(..3));

    /// <summary>The format for these values.</summary>
    public static ContentFormat ForWrite(Lwm2mPath path, IReadOnlyList<Lwm2mRecord> records, in OperationScope scope) =>
        IsOne(path, records, scope) ? ForOne(records[0].Value.Kind) : ForMany(scope);

    /// <summary>The format for several values.</summary>
    public static ContentFormat ForMany(in OperationScope scope) =>
        First(scope.Formats, scope.Version < Lwm2mVersion.V11 ? _many10 : HasLwm2mCbor(scope) ? _manyWithCbor : _many);

    /// <summary>The format for a list of paths. Since 1.2 every client that has composites has SenML-ETCH, in CBOR or JSON, whether it tells or not.</summary>
    public static ContentFormat ForPaths(in OperationScope scope) =>
        scope.Version < Lwm2mVersion.V12 && !AnnouncesEtch(scope.Formats) ? First(scope.Formats, _lists) : ForEtch(scope.Formats, 4);

    /// <summary>The format for the values of a Write-Composite. Nothing but SenML-ETCH can delete.</summary>
    public static ContentFormat ForPatch(bool deletes, in OperationScope scope) =>
        deletes ? ForEtch(scope.Formats, 2)
        : HasLwm2mCbor(scope) && !scope.Formats.Refuses(ContentFormat.Lwm2mCbor) ? ContentFormat.Lwm2mCbor
        : ForPaths(scope);

    /// <summary>The format of a client's own answer for which none was asked.</summary>
    public static ContentFormat ForAnswer(Lwm2mPath path, RecordSet records, bool isObserved, in OperationScope scope) =>
        IsOne(path, records, scope) ? ForOne(records[0].Value.Kind)
        : scope.Version < Lwm2mVersion.V11 ? ContentFormat.Tlv
        : ForNews(records, isObserved, scope);

    /// <summary>What a client tells under whole names. Every server of 1.2 reads LwM2M CBOR, which has no times and one value a path; all since 1.1 read SenML.</summary>
    public static ContentFormat ForNews(IReadOnlyList<Lwm2mRecord> records, bool isObserved, in OperationScope scope) =>
        !isObserved && scope.Version >= Lwm2mVersion.V12 && CanBeLwm2mCbor(RequestEncoder.AsSpan(records)) ? ContentFormat.Lwm2mCbor : ContentFormat.SenmlCbor;

    private static bool CanBeLwm2mCbor(ReadOnlySpan<Lwm2mRecord> records)
    {
        foreach (ref readonly var record in records)
        {
            if (record.Time is not null)
            {
                return false;
            }
        }
        return SeparatePaths.Check(records) == CodecErrorKind.None;
    }

    private static bool IsOne(Lwm2mPath path, IReadOnlyList<Lwm2mRecord> records, in OperationScope scope) =>
        records is [{ Time: null } only] && only.Path == path && OperationFormat.SingleTarget(path, scope.Catalog) is not null;

    private static ContentFormat ForOne(ValueKind kind) => kind == ValueKind.Opaque ? ContentFormat.OctetStream : ContentFormat.Text;

    private static bool HasLwm2mCbor(in OperationScope scope) => scope.Version >= Lwm2mVersion.V12 && scope.Formats.Announces(ContentFormat.Lwm2mCbor);

    private static bool AnnouncesEtch(PeerFormats formats) => formats.Announces(ContentFormat.SenmlEtchCbor) || formats.Announces(ContentFormat.SenmlEtchJson);

    // One that announces JSON alone will have SenML-ETCH in JSON.
    private static ContentFormat ForEtch(PeerFormats formats, int count)
    {
        var isJson = AnnouncesEtch(formats)
            ? !formats.Announces(ContentFormat.SenmlEtchCbor)
            : formats.Announces(ContentFormat.SenmlJson) && !formats.Announces(ContentFormat.SenmlCbor) && !formats.Announces(ContentFormat.Lwm2mCbor);
        return FirstTaken(formats, (isJson ? _etchAsJson : _etch).AsSpan(..count));
    }

    /// <summary>The first that was announced, if any of them was, and not refused; when all were refused, the first of all.</summary>
    private static ContentFormat First(PeerFormats formats, ReadOnlySpan<ContentFormat> order)
    {
        foreach (var format in order)
        {
            if (formats.Announces(format) && !formats.Refuses(format))
            {
                return format;
            }
        }
        return FirstTaken(formats, order);
    }

    private static ContentFormat FirstTaken(PeerFormats formats, ReadOnlySpan<ContentFormat> order)
    {
        foreach (var format in order)
        {
            if (!formats.Refuses(format))
            {
                return format;
            }
        }
        return order[0];
    }
}
