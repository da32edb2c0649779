// Written by `npx browser-use-skills types`: the types of client.skill("<id>").
import "browser-use-skills";

declare module "browser-use-skills" {
  interface KnownSkills {
    "3c90c3cc-0d44-4b50-8888-8dd25736052a": TopStories.Skill;
    "4c90c3cc-0d44-4b50-8888-8dd25736052a": TopStories_2.Skill;
    "5c90c3cc-0d44-4b50-8888-8dd25736052a": Skill7ExportConstEvil1.Skill;
    "6c90c3cc-0d44-4b50-8888-8dd25736052a": Skill.Skill;
    "7c90c3cc-0d44-4b50-8888-8dd25736052a": CommentThread.Skill;
  }
}

/**
 * Top stories
 *
 * Not fully typed:
 * - parameters.later: there is no type "a type of next year"
 */
export namespace TopStories {
  export interface Skill {
    parameters: Parameters;
    output: Output;
  }

  export type Parameters = {
    /**
     * How many.
     */
    limit?: number;
    query: string;
    "session id"?: string;
    later?: unknown;
  };

  export type Output = {
    title: string;
    default?: number | null;
  }[];
}

/**
 * Top stories
 */
export namespace TopStories_2 {
  export interface Skill {
    parameters: Parameters;
    output: Output;
  }

  export type Parameters = { [key: string]: never };

  export type Output = Story;

  export type Story = {
    replies: Story[];
  };
}

/**
 * 7 *\/ export const evil = 1; /*
 *
 * Not fully typed:
 * - outputSchema.properties.passwd.$ref: "file:///etc/passwd" is outside the schema: not fetched
 * - outputSchema.properties.far.$ref: "http://127.0.0.1:1/schema.json" is outside the schema: not fetched
 */
export namespace Skill7ExportConstEvil1 {
  export interface Skill {
    parameters: Parameters;
    output: Output;
  }

  export type Parameters = {
    /**
     * *\/ evil
     */
    "a\": never; \"b": unknown[];
  };

  export type Output = {
    passwd?: unknown;
    far?: unknown;
    /**
     * *\/ evil
     */
    evil?: string;
    kind?: "a" | "b\"";
  };
}

/**
 * 読めない
 *
 * Not fully typed:
 * - outputSchema.$ref: there is no "#/nowhere" in the schema
 */
export namespace Skill {
  export interface Skill {
    parameters: Parameters;
    output: Output;
  }

  export type Parameters = { [key: string]: never };

  export type Output = unknown;
}

/**
 * Comment thread
 *
 * Not fully typed:
 * - outputSchema.properties.length.minItems: its value has the wrong type and is ignored
 * - outputSchema.properties.other.not: it has no type and is ignored
 */
export namespace CommentThread {
  export interface Skill {
    parameters: Parameters;
    output: Output;
  }

  export type Parameters = {
    id: number;
  };

  export type Output = {
    author: string | null;
    place: [string, number];
    range?: [number, number?];
    votes?: { [key: string]: number };
    replies: Output[];
    first?: Output | null;
    length?: [1];
    other?: unknown;
  };
}
