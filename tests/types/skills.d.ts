// Written by `npx browser-use-skills types`: the types of client.skill("<id>").
import "browser-use-skills";

declare module "browser-use-skills" {
  interface KnownSkills {
    "3c90c3cc-0d44-4b50-8888-8dd25736052a": TopStories.Skill;
    "4c90c3cc-0d44-4b50-8888-8dd25736052a": TopStories_2.Skill;
    "5c90c3cc-0d44-4b50-8888-8dd25736052a": Skill7ExportConstEvil1.Skill;
    "6c90c3cc-0d44-4b50-8888-8dd25736052a": Skill.Skill;
  }
}

export namespace TopStories {
  export type Output = {
    title: string
    default?: (number | null)
  }[]

  /**
   * Top stories
   */
  export interface Skill {
    parameters: Parameters
    output: Output
  }
  export interface Parameters {
    /**
     * How many.
     */
    limit?: number
    query: string
    "session id"?: string
    later?: unknown
  }
}

export namespace TopStories_2 {
  /**
   * Top stories
   */
  export interface Skill {
    parameters: Parameters
    output: Story
  }
  export interface Parameters {}
  export interface Story {
    answers: Story[]
  }
}

export namespace Skill7ExportConstEvil1 {
  /**
   * 7 * / export const evil = 1; /*
   */
  export interface Skill {
    parameters: Parameters
    output: Output
  }
  export interface Parameters {
    /**
     * * / evil
     */
    "a\": never; \"b": unknown[]
  }
  export interface Output {
    passwd?: unknown
    far?: unknown
    /**
     * * / evil
     */
    evil?: string
    kind?: ("a" | "b\"")
  }
}

export namespace Skill {
  /**
   * Its schema cannot be read.
   */
  export type Output = unknown

  /**
   * 読めない
   */
  export interface Skill {
    parameters: Parameters
    output: Output
  }
  export interface Parameters {}
}
