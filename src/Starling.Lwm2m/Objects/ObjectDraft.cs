namespace Starling.Lwm2m;

/// <summary>An object while its definition is read.</summary>
internal sealed class ObjectDraft
{
    private int _id = -1;
    private string _name = "";
    private string _urn = "";
    private string _description = "";
    private ObjectVersion? _version = ObjectVersion.V10;
    private Lwm2mVersion? _enabler = Lwm2mVersion.V10;
    private bool _hasId;
    private bool? _isMultiple;
    private bool? _isMandatory;

    public (int Line, int Column) Position { get; init; }

    public Dictionary<int, ResourceDefinition> Resources { get; } = [];

    /// <summary>Takes the text of one element of Object; unknown elements are left aside.</summary>
    public void Set(string element, string text, Action<string> note)
    {
        switch (element)
        {
            case "ObjectID":
                _hasId = true;
                if (!Lwm2mPath.TryParseId(text, out _id))
                {
                    _id = -1;
                    note($"ObjectID {DefinitionReader.Shown(text)} is no number of 0 to 65534");
                }
                break;
            case "Name":
                _name = text;
                break;
            case "ObjectURN":
                _urn = text;
                break;
            case "Description1":
                _description = text;
                break;
            case "ObjectVersion" when text.Length > 0:
                _version = ObjectVersion.TryParse(text, out var version) ? version : null;
                if (_version is null)
                {
                    note($"ObjectVersion {DefinitionReader.Shown(text)} is no version as in 1.0");
                }
                break;
            case "LWM2MVersion" when text.Length > 0:
                _enabler = Lwm2mVersion.TryParse(text, out var enabler) ? enabler : null;
                if (_enabler is null)
                {
                    note($"LWM2MVersion {DefinitionReader.Shown(text)} is no version as in 1.0");
                }
                break;
            case "MultipleInstances":
                _isMultiple = DefinitionWord.IsMultiple(text, note);
                break;
            case "Mandatory":
                _isMandatory = DefinitionWord.IsMandatory(text, note);
                break;
        }
    }

    /// <summary>The definition; null when something is missing or was wrong, which has been noted.</summary>
    public ObjectDefinition? Finish(Action<(int, int), string> note)
    {
        var missing = !_hasId ? "ObjectID"
            : _name.Length == 0 ? "Name"
            : _isMultiple is null ? "MultipleInstances"
            : _isMandatory is null ? "Mandatory" : null;
        if (missing is not null)
        {
            note(Position, $"the object has no {missing}");
        }
        if (missing is not null || _id < 0 || _version is not { } version || _enabler is not { } enabler)
        {
            return null;
        }
        return new ObjectDefinition(_id, _name, version, Resources.Values)
        {
            Enabler = enabler,
            Urn = _urn,
            IsMultiple = _isMultiple!.Value,
            IsMandatory = _isMandatory!.Value,
            Description = _description,
        };
    }
}
