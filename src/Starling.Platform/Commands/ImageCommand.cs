using System.CommandLine;
using Starling.Client;

namespace Starling.Platform;

/// <summary><c>starling image</c></summary>
internal static class ImageCommand
{
    // What the storage of a simulated device has room for is 1 MiB; a larger image is there to be refused.
    private const int MaxSize = 16 << 20;

    public static Command Create()
    {
        var command = new ExampleCommand("image", "Makes a firmware image that simulated devices take: with a name, a version and a digest, and zeros in it.",
            "image lamp-2.0.bin", "image ./files/lamp-2.1.bin --version 2.1 --size 500000");
        var file = new Argument<string>("file") { Description = "Where it goes. What is there is replaced." };
        var name = Text("--name", "What the image is called inside.", "starling", "NAME");
        var version = Text("--version", "What /3/0/3 of the device is when it is installed.", "2.0", "VERSION");
        var size = new Option<int>("--size") { Description = "How many bytes are in it.", DefaultValueFactory = _ => 10_000, HelpName = "BYTES" };
        size.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > MaxSize)
            {
                result.AddError($"--size is 0 to {MaxSize}.");
            }
        });
        command.Arguments.Add(file);
        command.Options.Add(name);
        command.Options.Add(version);
        command.Options.Add(size);
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            try
            {
                var image = SimulatedImage.Create(new PackageIdentity(parsed.GetValue(name)!, parsed.GetValue(version)!), new byte[parsed.GetValue(size)]);
                File.WriteAllBytes(path, image);
                parsed.InvocationConfiguration.Output.WriteLine($"{path}  version {parsed.GetValue(version)}, {image.Length} bytes");
                return ExitCode.Done;
            }
            catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new VerbException(ExitCode.Usage, $"{path} was not made: {unusable.Message}");
            }
        });
        return command;
    }

    private static Option<string> Text(string name, string description, string preset, string what) =>
        new(name) { Description = description, DefaultValueFactory = _ => preset, HelpName = what };
}
