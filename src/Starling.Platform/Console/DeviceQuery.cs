using System.Globalization;
using Starling.Server;

namespace Starling.Platform;

/// <summary>Which devices a page of the list shows, as its address says it.</summary>
/// <param name="Search">A part of the endpoint name; empty for all.</param>
/// <param name="Version">The LwM2M version; empty for all.</param>
/// <param name="Sort">The column.</param>
/// <param name="Descending">The other way round.</param>
/// <param name="Page">Counted from 1.</param>
public sealed record DeviceQuery(string Search, string Version, DeviceColumn Sort, bool Descending, int Page)
{
    /// <summary>How many devices a page has.</summary>
    public const int PageSize = 50;

    private const int MaxSearch = 255;

    /// <summary>Reads the address; what makes no sense in it is what it is without.</summary>
    public static DeviceQuery Parse(IQueryCollection query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var search = query["q"].ToString().Trim();
        return new DeviceQuery(
            search.Length > MaxSearch ? search[..MaxSearch] : search,
            query["version"].ToString() is "1.0" or "1.1" or "1.2" ? query["version"].ToString() : "",
            Enum.TryParse<DeviceColumn>(query["sort"], ignoreCase: true, out var sort) && Enum.IsDefined(sort) ? sort : DeviceColumn.Endpoint,
            query["dir"] == "desc",
            int.TryParse(query["page"], NumberStyles.None, CultureInfo.InvariantCulture, out var page) && page > 0 ? page : 1);
    }

    /// <summary>The address of this query.</summary>
    public string Url
    {
        get
        {
            List<string> parts = [];
            Add(parts, "q", Search);
            Add(parts, "version", Version);
            Add(parts, "sort", Sort == DeviceColumn.Endpoint ? "" : Sort.ToString());
            Add(parts, "dir", Descending ? "desc" : "");
            Add(parts, "page", Page == 1 ? "" : Page.ToString(CultureInfo.InvariantCulture));
            return parts.Count == 0 ? "/" : "/?" + string.Join('&', parts);
        }
    }

    /// <summary>The same devices by another column, from the first page; by the same column the other way round.</summary>
    public DeviceQuery By(DeviceColumn column) => this with { Sort = column, Descending = column == Sort && !Descending, Page = 1 };

    /// <summary>Looks the devices up: all names are compared, and only where another column asks for it are all registrations read.</summary>
    public DeviceList Run(Lwm2mServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        var found = server.List(null, int.MaxValue, Search.Length == 0 && Version.Length == 0 ? null : IsWanted);
        var tooMany = found.Count > DeviceList.MaxSorted;
        var pages = Math.Max(1, (found.Count + PageSize - 1) / PageSize);
        var page = Math.Min(Page, pages);
        var skipped = (page - 1) * PageSize;
        return new DeviceList(
            tooMany ? ByKey(found, skipped) : Sort == DeviceColumn.Endpoint ? ByName(found, skipped) : BySort(found, skipped),
            found.Count, page, pages, tooMany);
    }

    private bool IsWanted(DeviceSession device) =>
        device.Key.Endpoint.Contains(Search, StringComparison.OrdinalIgnoreCase)
        && (Version.Length == 0 || device.Registration.Version.ToString() == Version);

    private List<DeviceRow> ByName(IReadOnlyList<DeviceSession> found, int skipped)
    {
        var rows = Descending
            ? found.OrderByDescending(d => d.Key.Endpoint, EndpointOrder.Natural)
            : found.OrderBy(d => d.Key.Endpoint, EndpointOrder.Natural);
        return [.. rows.Skip(skipped).Take(PageSize).Select(DeviceRow.Of)];
    }

    private List<DeviceRow> ByKey(IReadOnlyList<DeviceSession> found, int skipped)
    {
        List<DeviceRow> rows = [];
        for (var i = skipped; i < found.Count && rows.Count < PageSize; i++)
        {
            rows.Add(DeviceRow.Of(found[Descending ? found.Count - 1 - i : i]));
        }
        return rows;
    }

    private List<DeviceRow> BySort(IReadOnlyList<DeviceSession> found, int skipped)
    {
        Func<DeviceRow, IComparable> column = Sort switch
        {
            DeviceColumn.Version => r => (r.Registration.Version.Major * 256) + r.Registration.Version.Minor,
            DeviceColumn.Left => r => r.Registration.ExpiresAt ?? DateTimeOffset.MaxValue,
            _ => r => r.Registration.UpdatedAt,
        };
        var rows = found.Select(DeviceRow.Of);
        var sorted = (Descending ? rows.OrderByDescending(column) : rows.OrderBy(column)).ThenBy(r => r.Device.Key.Endpoint, EndpointOrder.Natural);
        return [.. sorted.Skip(skipped).Take(PageSize)];
    }

    private static void Add(List<string> parts, string name, string value)
    {
        if (value.Length > 0)
        {
            parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }
}

/// <summary>What the list can be sorted by.</summary>
public enum DeviceColumn
{
    /// <summary>The endpoint name.</summary>
    Endpoint,
    /// <summary>The LwM2M version.</summary>
    Version,
    /// <summary>When the lifetime ends.</summary>
    Left,
    /// <summary>When the device was heard from.</summary>
    Contact,
}
