namespace Starling.Platform;

/// <summary>What the database writes to the log.</summary>
internal sealed partial class StorageLog(ILogger logger)
{
    [LoggerMessage(Level = LogLevel.Error, Message = "What is to be kept cannot be written: {Why}. It is tried again; devices wait for their answers meanwhile")]
    public partial void Failing(string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is to be kept can be written again")]
    public partial void Recovered();

    [LoggerMessage(Level = LogLevel.Critical, Message = "Nothing is kept any more: {Why}")]
    public partial void Broken(string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The last values that were kept could not be read")]
    public partial void ValuesNotLoaded(Exception why);

    [LoggerMessage(Level = LogLevel.Error, Message = "Last values could not be kept")]
    public partial void ValuesNotKept(Exception why);
}
