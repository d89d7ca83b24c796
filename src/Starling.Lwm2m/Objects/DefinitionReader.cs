using System.Text;
using System.Xml;

namespace Starling.Lwm2m;

/// <summary>Walks once through a file of object definitions. What is wrong is noted and the walk goes on, so that one look shows every error.</summary>
internal sealed class DefinitionReader(XmlReader xml, DefinitionLimits limits)
{
    private readonly List<ObjectDefinition> _definitions = [];
    private readonly List<DefinitionError> _errors = [];
    private bool _stopped;

    public IReadOnlyList<ObjectDefinition> Definitions => _definitions;

    public IReadOnlyList<DefinitionError> Errors => _errors;

    public void ReadFile()
    {
        xml.MoveToContent();
        if (xml.LocalName != "LWM2M")
        {
            Note($"the root is {Shown(xml.LocalName)}, not LWM2M: this is no file of object definitions");
            return;
        }
        ForEachChild(name =>
        {
            if (name == "Object")
            {
                ReadObject();
            }
        });
        if (_definitions.Count == 0 && _errors.Count == 0)
        {
            Note("there is no object in the file");
        }
    }

    private void ReadObject()
    {
        var draft = new ObjectDraft { Position = Position() };
        if (xml.GetAttribute("ObjectType") is { } type && !type.Equals("MODefinition", StringComparison.OrdinalIgnoreCase))
        {
            Note($"an Object of type {Shown(type)} is no object definition");
        }
        ForEachChild(name =>
        {
            if (name == "Resources")
            {
                ReadResources(draft);
            }
            else
            {
                draft.Set(name, ReadText(), Note);
            }
        });
        if (_definitions.Count >= limits.MaxObjects)
        {
            Stop($"there are more than {limits.MaxObjects} objects");
        }
        else if (draft.Finish(Note) is { } definition)
        {
            _definitions.Add(definition);
        }
    }

    private void ReadResources(ObjectDraft draft) => ForEachChild(name =>
    {
        if (name != "Item")
        {
            return;
        }
        if (draft.Resources.Count >= limits.MaxResources)
        {
            Stop($"an object has more than {limits.MaxResources} resources");
            return;
        }
        var resource = new ResourceDraft { Position = Position() };
        resource.SetId(xml.GetAttribute("ID"), Note);
        ForEachChild(part => resource.Set(part, ReadText(), Note));
        if (resource.Finish(Note) is { } definition && !draft.Resources.TryAdd(definition.Id, definition))
        {
            Note(resource.Position, $"resource {definition.Id} is defined twice");
        }
    });

    /// <summary>Stands on an element and calls <paramref name="read"/> on each child of it; ends on its end. What the call leaves of a child is skipped.</summary>
    private void ForEachChild(Action<string> read)
    {
        if (xml.IsEmptyElement)
        {
            return;
        }
        var depth = xml.Depth;
        while (!_stopped && xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth + 1)
            {
                read(xml.LocalName);
            }
            else if (xml.Depth >= limits.MaxDepth)
            {
                Stop($"elements nest deeper than {limits.MaxDepth}");
            }
        }
    }

    /// <summary>The text of the element on which the reader stands, without what markup may be in it; ends on its end.</summary>
    private string ReadText()
    {
        if (xml.IsEmptyElement)
        {
            return "";
        }
        var depth = xml.Depth;
        StringBuilder? joined = null;
        var text = "";
        while (!_stopped && xml.Read() && xml.Depth > depth)
        {
            if (xml.Depth >= limits.MaxDepth)
            {
                Stop($"elements nest deeper than {limits.MaxDepth}");
            }
            if (xml.NodeType is not (XmlNodeType.Text or XmlNodeType.CDATA))
            {
                continue;
            }
            if (text.Length > 0)
            {
                (joined ??= new StringBuilder(text)).Append(xml.Value);
            }
            text = joined is null ? xml.Value : text;
            if ((joined?.Length ?? text.Length) > limits.MaxText)
            {
                Stop($"a text is longer than {limits.MaxText} characters");
            }
        }
        return (joined?.ToString() ?? text).Trim();
    }

    private (int Line, int Column) Position() => xml is IXmlLineInfo place ? (place.LineNumber, place.LinePosition) : default;

    private void Note(string message) => Note(Position(), message);

    private void Note((int Line, int Column) position, string message)
    {
        if (_stopped)
        {
            return;   // what follows may only be the lack of what was not read any more
        }
        _errors.Add(new DefinitionError(position.Line, position.Column, message));
        _stopped = _errors.Count >= limits.MaxErrors;
    }

    private void Stop(string message)
    {
        Note(message);
        _stopped = true;
    }

    /// <summary>What came from the file, fit to be shown.</summary>
    internal static string Shown(string text) => text.Length <= 40 ? $"'{text}'" : $"'{text[..40]}…'";
}
