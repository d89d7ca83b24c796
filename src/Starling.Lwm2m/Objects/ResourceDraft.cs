namespace Starling.Lwm2m;

/// <summary>A resource while its definition is read.</summary>
internal sealed class ResourceDraft
{
    private int _id = -1;
    private string _name = "";
    private string _range = "";
    private string _units = "";
    private string _description = "";
    private ResourceOperations? _operations;
    private ValueKind? _type;
    private bool? _isMultiple;
    private bool? _isMandatory;

    public (int Line, int Column) Position { get; init; }

    /// <summary>Takes the number of the resource.</summary>
    public void SetId(string? text, Action<string> note)
    {
        if (!Lwm2mPath.TryParseId(text, out _id))
        {
            _id = -1;
            note(text is null ? "the resource has no ID" : $"ID {DefinitionReader.Shown(text)} is no number of 0 to 65534");
        }
    }

    /// <summary>Takes the text of one element of Item; unknown elements are left aside.</summary>
    public void Set(string element, string text, Action<string> note)
    {
        switch (element)
        {
            case "Name":
                _name = text;
                break;
            case "Operations":
                _operations = DefinitionWord.Operations(text, note);
                break;
            case "MultipleInstances":
                _isMultiple = DefinitionWord.IsMultiple(text, note);
                break;
            case "Mandatory":
                _isMandatory = DefinitionWord.IsMandatory(text, note);
                break;
            case "Type":
                _type = DefinitionWord.Type(text, note);
                break;
            case "RangeEnumeration":
                _range = text;
                break;
            case "Units":
                _units = text;
                break;
            case "Description":
                _description = text;
                break;
        }
    }

    /// <summary>The definition; null when something is missing or was wrong, which has been noted.</summary>
    public ResourceDefinition? Finish(Action<(int, int), string> note)
    {
        if (_id < 0)
        {
            return null;
        }
        var missing = _name.Length == 0 ? "Name"
            : _operations is null ? "Operations"
            : _isMultiple is null ? "MultipleInstances"
            : _isMandatory is null ? "Mandatory"
            : _type is null ? "Type" : null;
        if (missing is not null)
        {
            note(Position, $"resource {_id} has no {missing}");
            return null;
        }
        var isExecuted = _operations == ResourceOperations.Execute;
        return new ResourceDefinition
        {
            Id = _id,
            Name = _name,
            Operations = _operations!.Value,
            IsMultiple = !isExecuted && _isMultiple!.Value,
            IsMandatory = _isMandatory!.Value,
            Type = isExecuted ? ValueKind.None : _type!.Value,
            Range = _range,
            Units = _units,
            Description = _description,
        };
    }
}
