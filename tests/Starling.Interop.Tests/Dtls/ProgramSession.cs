namespace Starling.Interop.Tests;

/// <summary>A session in a program that takes lines at its standard input and prints what it hears.</summary>
/// <param name="program">The program.</param>
/// <param name="ended">What it prints when the other side closed.</param>
/// <param name="failed">What it prints when a handshake fails.</param>
internal sealed class ProgramSession(ForeignProgram program, string ended, string failed) : SecureSession
{
    /// <inheritdoc/>
    public override bool OnlyEchoes => Echoes;

    /// <summary>See <see cref="OnlyEchoes"/>.</summary>
    public bool Echoes { get; init; }

    public override string Said => program.Said;

    public override Task SayAsync(string text) => program.SendAsync(text);

    public override async Task HearAsync(string text) => await program.WaitForAsync(text);

    public override Task CloseAsync() => program.EndAsync();

    public override async Task WaitClosedAsync()
    {
        if (ended.Length > 0)
        {
            await program.WaitForAsync(ended);
        }
    }

    public override Task<string> WaitFailedAsync() => program.WaitForAsync(failed);

    public override ValueTask DisposeAsync() => program.DisposeAsync();
}
