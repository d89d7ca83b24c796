using System.Globalization;

namespace Starling.Load;

/// <summary>The words behind a verb: <c>--name value</c>, or <c>--name</c> alone for what is either so or not.</summary>
internal sealed class LoadOptions(string[] words)
{
    public string Text(string name, string otherwise)
    {
        var at = Array.IndexOf(words, "--" + name);
        return at >= 0 && at + 1 < words.Length ? words[at + 1] : otherwise;
    }

    public int Number(string name, int otherwise) =>
        int.Parse(Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public bool Flag(string name) => Array.IndexOf(words, "--" + name) >= 0;
}
