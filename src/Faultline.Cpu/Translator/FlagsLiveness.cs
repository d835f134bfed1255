namespace Faultline.Cpu.Translator;

/// <summary>
/// Finds which status flags anyone can see: they matter where an instruction reads them and wherever control may leave the region, because at every exit
/// the whole guest state is exact.
/// </summary>
internal static class FlagsLiveness
{
    /// <summary>Sets <see cref="RegionInstruction.NeededAfter"/> and <see cref="RegionBlock.NeededBefore"/> throughout a region.</summary>
    public static void Analyse(IReadOnlyList<RegionBlock> order)
    {
        bool changed = true;
        while (changed)
        {
            changed = false;
            for (int i = order.Count - 1; i >= 0; i--)
            {
                FlagSet before = Backward(order[i]);
                changed |= before != order[i].NeededBefore;
                order[i].NeededBefore = before;
            }
        }
    }

    private static FlagSet Backward(RegionBlock block)
    {
        FlagSet needed = LeavesRegion(block) ? FlagSet.All : FlagSet.None;
        foreach (RegionBlock successor in block.Successors)
        {
            // Fuel may run out on the way back.
            needed |= successor.Order <= block.Order ? FlagSet.All : successor.NeededBefore;
        }
        for (int i = block.Instructions.Count - 1; i >= 0; i--)
        {
            RegionInstruction instruction = block.Instructions[i];
            instruction.NeededAfter = needed;
            needed = (needed & ~instruction.Kills) | instruction.Reads;
            if (instruction.MayExit)
                needed = FlagSet.All;
        }
        return block.LooksAtStack ? FlagSet.All : needed;
    }

    private static bool LeavesRegion(RegionBlock block) => block.Last switch
    {
        null => true,
        { Form.Shape: Table.FormShape.Jump or Table.FormShape.Call } => block.Taken is null,
        { Form.Shape: Table.FormShape.ConditionalJump } => block.Taken is null || block.Next is null,
        { Form.Class: Table.InstructionClass.Branch or Table.InstructionClass.System } => true,
        _ => block.Next is null,
    };
}
