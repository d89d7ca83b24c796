using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Starling.Platform;

/// <summary>The operating system's SQLite. None is brought along: its security fixes are the system's.</summary>
internal static class SqliteLibrary
{
    /// <summary>Names the file of the library where it is not where systems have it.</summary>
    public const string Variable = "STARLING_SQLITE";

    private static readonly Lazy<bool> _isThere = new(Bind);

    /// <summary>Whether there is one. The first call loads it.</summary>
    public static bool IsThere => _isThere.Value;

    /// <summary>What to do where there is none.</summary>
    public static string Remedy =>
        OperatingSystem.IsLinux() ? "Install it: apt-get install libsqlite3-0 (Debian, Ubuntu), dnf install sqlite-libs (Fedora), apk add sqlite-libs (Alpine)."
        : $"Install SQLite, and name its library's file in {Variable} if it is not found.";

    private static bool Bind()
    {
        if (!TryLoad(out var library))
        {
            return false;
        }
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, Resolve);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;

        IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == "e_sqlite3" ? library : IntPtr.Zero;
    }

    private static bool TryLoad(out IntPtr library)
    {
        library = IntPtr.Zero;
        foreach (var name in Names())
        {
            if (NativeLibrary.TryLoad(name, out library))
            {
                return true;
            }
        }
        return false;
    }

    private static string[] Names() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own ? [own]
        : OperatingSystem.IsWindows() ? ["winsqlite3.dll", "sqlite3.dll"]
        : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"]
        : ["libsqlite3.so.0", "libsqlite3.so"];
}
