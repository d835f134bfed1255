namespace Faultline.Explain.Decode.Paging;

/// <summary>A level of x86-64's page tables, the lowest first.</summary>
internal enum PagingLevel
{
    /// <summary>Maps 4 KiB; Linux's pte.</summary>
    Pte,

    /// <summary>Maps 2 MiB or names a page table; Linux's pmd.</summary>
    Pde,

    /// <summary>Maps 1 GiB or names a page directory; Linux's pud.</summary>
    Pdpte,

    /// <summary>Names a page-directory-pointer table; Linux's p4d (pgd with four levels).</summary>
    Pml4e,

    /// <summary>Names a PML4 table; Linux's pgd with five levels.</summary>
    Pml5e,
}
