using System.Security.Cryptography;

namespace Starling.Fuzz;

/// <summary>The folders of inputs: <c>corpus</c>, which is in git, and <c>crashes</c>, which is not.</summary>
public sealed class Corpus(string root)
{
    /// <summary>The <c>fuzz</c> folder of the repository above a place.</summary>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static Corpus Find(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
            {
                return new Corpus(Path.Combine(folder.FullName, "fuzz"));
            }
        }
        throw new DirectoryNotFoundException($"No repository above {start}.");
    }

    /// <summary>The inputs of a target that are in git, by file name.</summary>
    public IEnumerable<(string Name, byte[] Bytes)> Inputs(FuzzTarget target)
    {
        var folder = Path.Combine(root, "corpus", target.Name);
        return Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(file => (Path.GetFileName(file), File.ReadAllBytes(file)))
            : [];
    }

    /// <summary>Keeps an input that broke a target, and why. Once mended, move it into the corpus.</summary>
    /// <returns>The file.</returns>
    public string Keep(FuzzTarget target, ReadOnlySpan<byte> input, string why)
    {
        var folder = Path.Combine(root, "crashes", target.Name);
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..16]);
        File.WriteAllBytes(file, input);
        File.WriteAllText(file + ".txt", why);
        return file;
    }

    /// <summary>The file that has the input being run, for when the process itself dies of it.</summary>
    public string CurrentFile(FuzzTarget target)
    {
        var folder = Path.Combine(root, "crashes", target.Name);
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, "current");
    }
}
