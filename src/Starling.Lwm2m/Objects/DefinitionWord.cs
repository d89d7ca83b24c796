namespace Starling.Lwm2m;

/// <summary>The words that a file of object definitions may use. What is none of them is noted.</summary>
internal static class DefinitionWord
{
    public static bool IsMultiple(string text, Action<string> note) => OneOf(text, "Multiple", "Single", "MultipleInstances", note);

    public static bool IsMandatory(string text, Action<string> note) => OneOf(text, "Mandatory", "Optional", "Mandatory", note);

    public static ResourceOperations Operations(string text, Action<string> note)
    {
        switch (text.ToUpperInvariant())
        {
            case "":
                return ResourceOperations.None;
            case "R":
                return ResourceOperations.Read;
            case "W":
                return ResourceOperations.Write;
            case "RW":
                return ResourceOperations.Read | ResourceOperations.Write;
            case "E":
                return ResourceOperations.Execute;
            default:
                note($"Operations {DefinitionReader.Shown(text)} is none of R, W, RW, E and nothing");
                return ResourceOperations.None;
        }
    }

    public static ValueKind Type(string text, Action<string> note)
    {
        switch (text.ToUpperInvariant())
        {
            case "":
                return ValueKind.None;
            case "STRING":
                return ValueKind.String;
            case "INTEGER":
                return ValueKind.Integer;
            case "UNSIGNED INTEGER":
                return ValueKind.Unsigned;
            case "FLOAT":
                return ValueKind.Float;
            case "BOOLEAN":
                return ValueKind.Boolean;
            case "OPAQUE":
                return ValueKind.Opaque;
            case "TIME":
                return ValueKind.Time;
            case "OBJLNK":
                return ValueKind.ObjectLink;
            case "CORELNK":
                return ValueKind.CoreLink;
            default:
                note($"Type {DefinitionReader.Shown(text)} is no type of LwM2M");
                return ValueKind.None;
        }
    }

    private static bool OneOf(string text, string yes, string no, string element, Action<string> note)
    {
        if (text.Equals(yes, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        if (!text.Equals(no, StringComparison.OrdinalIgnoreCase))
        {
            note($"{element} {DefinitionReader.Shown(text)} is neither {yes} nor {no}");
        }
        return false;
    }
}
