using System.Globalization;
using Starling.Coap;
using Starling.Lwm2m;

namespace Starling.Platform;

/// <summary>What a form of the device page asks for.</summary>
internal sealed class ActionForm(IFormCollection form)
{
    private const int PresetTimeout = 30;

    public string Operation => form["op"].ToString();

    public string Text => form["value"].ToString();

    public IFormFile? File => form.Files.GetFile("file") is { Length: > 0 } file ? file : null;

    public string Endpoint => form["ep"].ToString();

    /// <summary>How long the device may take: 1 to 600 s.</summary>
    public TimeSpan Timeout =>
        TimeSpan.FromSeconds(int.TryParse(form["timeout"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? Math.Clamp(seconds, 1, 600) : PresetTimeout);

    /// <summary>The content format; null leaves it to the codec.</summary>
    public ContentFormat? Format =>
        ushort.TryParse(form["format"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && ContentCodecs.Find(new ContentFormat(number)) is { } codec
            ? codec.Format
            : null;

    public bool TryGetPath(out Lwm2mPath path) => Lwm2mPath.TryParse(form["path"].ToString(), null, out path);

    /// <summary>The lines of a multiple field: <c>0 = value</c>. False with what is wrong.</summary>
    public bool TryReadLines(out List<(int Id, string Text)> lines, out string error)
    {
        lines = [];
        error = "";
        foreach (var line in Text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var sign = line.IndexOf('=', StringComparison.Ordinal);
            if (sign < 1 || !Lwm2mPath.TryParseId(line.AsSpan(0, sign).Trim(), out var id))
            {
                error = $"'{SafeText.Line(line, 40)}' is no line of the form: number = value.";
                return false;
            }
            lines.Add((id, line[(sign + 1)..].Trim()));
        }
        return true;
    }

    /// <summary>The attributes of an observation; null when none is given. False with what is wrong.</summary>
    public bool TryReadAttributes(out NotificationAttributes? attributes, out string error)
    {
        var query = string.Join('&', AttributesBody.Names.Where(n => form[n].ToString().Trim().Length > 0).Select(n => $"{n}={form[n].ToString().Trim()}"));
        attributes = null;
        error = "";
        return query.Length == 0 || (AttributeQuery.TryParse(query, out attributes, out error!) && (error = attributes.Conflict() ?? "").Length == 0);
    }
}
