namespace Faultline.Explain.Code;

/// <summary>Where RIP is with respect to the instructions around it.</summary>
internal enum CodeVerdict
{
    /// <summary>RIP is where an instruction starts.</summary>
    AtInstruction,

    /// <summary>RIP is inside an instruction.</summary>
    InsideInstruction,

    /// <summary>The bytes allow both readings.</summary>
    Ambiguous,

    /// <summary>No bytes before RIP, or none that decode: only what follows RIP is known.</summary>
    Unknown,
}
