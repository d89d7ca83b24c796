namespace Starling.Server;

/// <summary>Where a queued operation stands. The first two are on the way; each of the others is a result, and there is exactly one.</summary>
public enum OperationState : byte
{
    /// <summary>It waits for the device, or for those before it.</summary>
    Waiting,
    /// <summary>It has been sent; the answer has not come yet.</summary>
    Sending,
    /// <summary>The device answered; its answer may be a refusal.</summary>
    Answered,
    /// <summary>The device has it and gave no answer.</summary>
    Delivered,
    /// <summary>Its time was over before the device took it.</summary>
    Expired,
    /// <summary>It could not be done, or nobody knows whether it was.</summary>
    Failed,
    /// <summary>Somebody took it back before it was sent.</summary>
    Cancelled,
}
