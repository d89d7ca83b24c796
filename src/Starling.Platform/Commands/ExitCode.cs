namespace Starling.Platform;

/// <summary>What the program ends with; documented in <c>docs/guide/command-line.md</c> and in the help.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;
    /// <summary>The device or the server said no; of <c>up</c>: a part of the server failed.</summary>
    public const int Refused = 1;
    /// <summary>The command line or its input is wrong; nothing was sent.</summary>
    public const int Usage = 2;
    /// <summary>The server is not there, stops meanwhile or is another program, or an address cannot be listened at.</summary>
    public const int Unreachable = 3;
    /// <summary>The device did not answer in time.</summary>
    public const int NoAnswer = 4;
    /// <summary>What is kept cannot be used: the folder of <c>--data</c> is another's, damaged, or of a newer version.</summary>
    public const int Storage = 5;
}
